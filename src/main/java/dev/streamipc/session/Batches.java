package dev.streamipc.session;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Runs the handlers for what is queued, one batch after the other, whichever thread comes; answers leave together. */
final class Batches {

    private static final int MOST_ITEMS = 256;
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final WorkQueue queue;
    private final Handling handling;
    private final Outbox outbox;
    private final Writer writer;
    /** Whoever holds it runs handlers: one after the other, also while a ticker takes over from the executor. */
    private final ReentrantLock turn = new ReentrantLock();

    private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);

    Batches(WorkQueue queue, Handling handling, Outbox outbox, Writer writer) {
        this.queue = queue;
        this.handling = handling;
        this.outbox = outbox;
        this.writer = writer;
    }

    /** Runs a batch when the turn has come; false if there was nothing to run. */
    boolean run() {
        return run(handling::run);
    }

    /** Runs a batch on a thread of ours, on which no handler may leave an interrupt for the next. */
    boolean runOnOurs() {
        return !queue.isEmpty()
                && run(work -> {
                    handling.run(work);
                    Thread.interrupted();
                });
    }

    /**
     * Runs a batch on the thread that should be reading.
     *
     * @param whenSlow told when it takes long and more is waiting, or when another thread is at it
     */
    boolean runInsteadOfReading(Runnable whenSlow) {
        if (queue.isEmpty()) {
            return false;
        }
        if (!turn.tryLock()) {
            // that thread may wait for what only a read brings
            whenSlow.run();
            turn.lock();
        }
        try {
            // behind a lone one there is nothing as long as nobody reads
            return runBatch(queue.size() == 1 ? this::runServed : watched(whenSlow));
        } finally {
            turn.unlock();
        }
    }

    private Consumer<Work> watched(Runnable whenSlow) {
        long startNanos = System.nanoTime();
        return work -> {
            runServed(work);
            if (queue.hasMore() && System.nanoTime() - startNanos > PATIENCE_NANOS) {
                whenSlow.run();
            }
        };
    }

    private boolean run(Consumer<Work> handler) {
        turn.lock();
        try {
            return runBatch(handler);
        } finally {
            turn.unlock();
        }
    }

    /** An interrupt that a handler leaves behind must neither hit the next nor end the serving of all that come. */
    private void runServed(Work work) {
        boolean interruptedBefore = Thread.currentThread().isInterrupted();
        handling.run(work);
        if (!interruptedBefore) {
            Thread.interrupted();
        }
    }

    /** Runs a batch, or waits for something to run and runs that; by the time limit at the latest. */
    void runOrAwait(long nanos) throws InterruptedException {
        runOrAwait(nanos, handling::run);
    }

    /** The same on a thread that only serves. */
    void serveOrAwait(long nanos) throws InterruptedException {
        runOrAwait(nanos, this::runServed);
    }

    private void runOrAwait(long nanos, Consumer<Work> handler) throws InterruptedException {
        if (turn.tryLock() || turn.tryLock(nanos, TimeUnit.NANOSECONDS)) {
            try {
                if (!runBatch(handler)) {
                    queue.await(nanos);
                    runBatch(handler);
                }
            } finally {
                turn.unlock();
            }
        }
    }

    /** Runs the oldest, beside others that may be running. */
    void runOne() {
        runInside(queue.take(1), handling::run);
    }

    private boolean runBatch(Consumer<Work> handler) {
        List<Work> batch = queue.takeBatch(MOST_ITEMS);
        if (batch.isEmpty()) {
            return false;
        }
        boolean cork = batch.size() > 1;
        if (cork) {
            outbox.cork();
        }
        try {
            runInside(batch, work -> {
                queue.begun(work);
                handler.accept(work);
            });
        } finally {
            if (cork) {
                writer.after(outbox.uncork());
            }
        }
        return true;
    }

    private void runInside(List<Work> works, Consumer<Work> handler) {
        boolean before = inside.get();
        inside.set(true);
        try {
            works.forEach(handler);
        } finally {
            inside.set(before);
        }
    }

    /** Returns whether the calling thread is running a handler, so that it must not wait for the session. */
    boolean isInside() {
        return inside.get();
    }
}
