package dev.streamipc.session;

import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an answer on the thread of the caller who waits for it, so that no other thread must be woken for it. Like
 * the reader, it decodes and completes for everybody, and runs nothing of the user's.
 */
final class Polling {

    /** Behind that the caller sleeps, and the reader reads. */
    private static final long LIMIT_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /** The other side may need this very core. Looks at memory are much shorter than that, system calls about as long. */
    private static final long YIELD_NANOS = 500;

    /** Answers that come so soon come from a core of their own, through memory: no system call is that fast. */
    private static final long QUICK_NANOS = 1_000;

    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ReadRight right;
    private final Source source;
    private final boolean isOn;
    /** The last answer came at once. */
    private volatile boolean isQuick;

    /** The channel can't say what has arrived. */
    private volatile boolean isBlind;

    /** The reader, which ends the session, is to find it. */
    private volatile @Nullable IOException failure;

    /** Where the bytes come from. */
    interface Source {

        /** As {@link Intake#availableBytes}. */
        int availableBytes() throws IOException;

        /** Reads what is there, and has handlers run; false at the end. Any failure is an {@link IOException}. */
        boolean read() throws IOException;
    }

    /**
     * Makes what polls for callers.
     *
     * @param isOn if not, nobody does
     * @param hasCalls whether an outcome is awaited, by any thread
     */
    Polling(boolean isOn, Source source, BooleanSupplier hasCalls) {
        this(isOn, source, new ReadRight(hasCalls, QUIET_NANOS));
    }

    Polling(boolean isOn, Source source, ReadRight right) {
        this.isOn = isOn;
        this.source = source;
        this.right = right;
    }

    /** On the reader, before each read: returns when it is to read. */
    void standBy() throws IOException {
        if (isOn) {
            right.standBy();
            IOException seen = failure;
            if (seen != null) {
                throw seen;
            }
        }
    }

    /** On a thread that is about to block for this outcome: looks for it for a while. */
    void lookFor(Future<?> outcome) {
        if (!isOn || outcome.isDone()) {
            return;
        }
        long startNanos = System.nanoTime();
        if (!isBlind && right.take(startNanos)) {
            try {
                readUntil(outcome, startNanos);
            } catch (IOException broken) {
                failure = broken;
            } finally {
                right.giveBack();
            }
        } else {
            right.want();
        }
    }

    @SuppressWarnings(
            "ThreadPriorityCheck") // correct without the yield, and many times slower where both sides share a core
    private void readUntil(Future<?> outcome, long startNanos) throws IOException {
        if (!isQuick) {
            // a look before the other side has had the core is in vain
            Thread.yield();
        }
        long yieldedNanos = startNanos;
        long nowNanos = startNanos;
        while (!outcome.isDone() && nowNanos - startNanos < LIMIT_NANOS) {
            int bytes = look();
            if (bytes < 0 || (bytes > 0 && !source.read())) {
                return;
            }
            if (bytes == 0) {
                yieldedNanos = pause(yieldedNanos, nowNanos);
            }
            nowNanos = System.nanoTime();
        }
        boolean wasQuick = nowNanos - startNanos < QUICK_NANOS;
        if (wasQuick != isQuick) {
            isQuick = wasQuick;
        }
    }

    /** Lets others have the core now and then; returns when that was last. */
    @SuppressWarnings("ThreadPriorityCheck")
    private static long pause(long yieldedNanos, long nowNanos) {
        if (nowNanos - yieldedNanos < YIELD_NANOS) {
            Thread.onSpinWait();
            return yieldedNanos;
        }
        Thread.yield();
        return nowNanos;
    }

    /** Less than 0 if the reader must see for itself: a look that fails says nothing of what can still be read. */
    private int look() {
        try {
            int bytes = source.availableBytes();
            if (bytes < 0) {
                isBlind = true;
            }
            return bytes;
        } catch (IOException unknown) {
            return -1;
        }
    }

    /** Somebody waits from now on who does not look. */
    void want() {
        if (isOn) {
            right.want();
        }
    }

    /** The session has ended. */
    void end() {
        if (isOn) {
            right.wake();
        }
    }

    /** Returns whether the calling thread reads at the moment, in the place of the reader. */
    boolean isMine() {
        return isOn && right.isMine();
    }
}
