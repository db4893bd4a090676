package dev.streamipc.faults;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Faults that a message carries in its own text, such as {@code child-decode-record-stack}: which side, at which step,
 * in the record or in the codec, and what is thrown. Counts what it throws, as the proof that it did.
 */
final class Planted {

    static final String NONE = "none";

    /** What a codec and a record may throw; the codec's list has more. */
    static final String[] THROWN = {"exception", "checked", "error", "stack", "memory", "mute"};

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static volatile String side = "parent";
    private static volatile String last = "";

    private Planted() {}

    static void thisIsTheChild() {
        side = "child";
    }

    /** Throws if the fault is meant for this side, this step and this place; returns what else is to go wrong. */
    static String at(String stepAndPlace, String fault) {
        String prefix = side + "-" + stepAndPlace + "-";
        if (!fault.startsWith(prefix)) {
            return NONE;
        }
        String how = fault.substring(prefix.length());
        COUNT.incrementAndGet();
        last = fault;
        Throwable thrown = thrown(how);
        if (thrown != null) {
            throw Planted.<RuntimeException>sneaky(thrown);
        }
        return how;
    }

    private static Throwable thrown(String how) {
        String text = "planted in process " + ProcessHandle.current().pid();
        return switch (how) {
            case "exception" -> new IllegalStateException(text);
            case "checked" -> new IOException(text);
            case "error" -> new AssertionError(text);
            case "stack" -> fullStack(0);
            case "memory" -> fullMemory();
            case "mute" -> new Mute();
            default -> null;
        };
    }

    /** A real one, from the depth that the thread has. */
    private static StackOverflowError fullStack(int depth) {
        try {
            return deeper(depth) < 0 ? null : new StackOverflowError();
        } catch (StackOverflowError real) {
            return real;
        }
    }

    private static int deeper(int depth) {
        return depth < 0 ? depth : deeper(depth + 1) + 1;
    }

    /** A real one, for an array that no heap holds. */
    private static OutOfMemoryError fullMemory() {
        try {
            return new byte[Integer.MAX_VALUE].length < 0 ? null : new OutOfMemoryError();
        } catch (OutOfMemoryError real) {
            return real;
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** How often this process threw, and which fault last. */
    static String facts() {
        return COUNT.get() + " " + last;
    }

    /** Has no text to give. */
    private static final class Mute extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no words");
        }
    }
}
