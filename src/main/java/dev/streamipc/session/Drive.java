package dev.streamipc.session;

import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Which thread reads and which runs the handlers. */
interface Drive {

    /** What a drive needs of its session. */
    record Parts(Intake intake, WorkQueue queue, Handling handling, Batches batches, boolean isLowLatency) {}

    /** What a drive tells its session: started, with a reader or as a pump; the input has ended; whether to go on. */
    record Hooks(
            Consumer<Boolean> onStart,
            Consumer<String> onInputEnd,
            BooleanSupplier hasEnded,
            BooleanSupplier isFinishing,
            BooleanSupplier hasCalls) {}

    /** Starts with a reader and the handler executor, unless the session was started some other way. */
    void start();

    /** Returns whether what comes in is looked at, by whatever thread. */
    boolean isReading();

    /** An answer is awaited from now on, by any thread, or a handler is about to wait for room. */
    void beforeWaiting();

    /** The calling thread is about to block for an outcome, and may look for it by itself for a while. */
    default void beforeBlocking(Future<?> outcome) {
        beforeWaiting();
    }

    /**
     * Sees to it that somebody reads while the calling thread waits for room.
     *
     * @return false if it must not wait, since it reads itself
     */
    default boolean mayWait() {
        return false;
    }

    /** Reads from now on, whether or not the session is started: for HELLO. */
    void startReader();

    /** Gives what was queued to the handler executor, if that is who runs handlers. */
    void handOver();

    /** The session has ended: no thread of ours need wait for more. */
    void retire();

    /** Returns whether the calling thread belongs to the session or runs its handlers, so that it must not wait for it. */
    boolean isInside();

    /** Runs handlers on this thread; waits for work at most so long. Returns false once the session has ended. */
    boolean tick(long nanos) throws InterruptedException;

    /** The same for so long, or until the session ends. */
    default boolean tickFor(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        long left = nanos;
        boolean open = true;
        while (open && left > 0) {
            open = tick(left);
            left = end - System.nanoTime();
        }
        return open;
    }

    /** Reads and runs handlers on this thread until the session ends. */
    void serve() throws InterruptedException;
}
