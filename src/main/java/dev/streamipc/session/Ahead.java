package dev.streamipc.session;

import dev.streamipc.message.Message;
import dev.streamipc.message.MessageName;
import dev.streamipc.serial.json.ControlJson;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Has a JVM make ready what each start of a session needs, beside the thread that puts the session together: some 6 of
 * the 40 ms from a child's main method to its READY, where there is a second processor. The JDK makes two proxy classes for
 * the first annotation that it reads.
 */
final class Ahead {

    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private Ahead() {}

    @MessageName("Sample")
    private record Sample() implements Message {}

    /** Begins, once in a JVM. Never blocks, never fails. */
    static void begin() {
        if (Runtime.getRuntime().availableProcessors() > 1 && BEGUN.compareAndSet(false, true)) {
            start();
        }
    }

    /** Returns the thread, which soon ends; null if there was none to be had. */
    static @Nullable Thread start() {
        Thread thread = new Thread(Ahead::make, "streamipc-ahead");
        thread.setDaemon(true);
        try {
            thread.start();
            return thread;
        } catch (OutOfMemoryError noThread) {
            return null;
        }
    }

    /** What fails here fails once more where it is needed, and is told there. In the order in which it is needed. */
    private static void make() {
        try {
            MessageName name = Objects.requireNonNull(Sample.class.getAnnotation(MessageName.class));
            boolean isAlive = ProcessHandle.current().info().startInstant().isPresent();
            byte[] json = ControlJson.write(Map.of(name.value(), isAlive));
            ControlJson.read(json, 0, json.length);
        } catch (IOException | RuntimeException | Error failure) {
            SessionLog.LOG.debug("nothing could be made ready ahead", failure);
        }
    }
}
