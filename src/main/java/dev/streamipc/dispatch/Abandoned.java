package dev.streamipc.dispatch;

import java.util.concurrent.atomic.AtomicInteger;

/** Threads that could not be ended, and still run what was given up. For all threads. */
final class Abandoned {

    private final int most;
    private final AtomicInteger running = new AtomicInteger();

    /**
     * Makes a count.
     *
     * @param most so many, and the pool takes no more tasks
     */
    Abandoned(int most) {
        this.most = most;
    }

    int running() {
        return running.get();
    }

    /** A thread is left behind. */
    void add(PoolReports pool) {
        running.incrementAndGet();
        pool.abandoned(running::get, most);
    }

    /** Such a thread has ended after all. */
    void remove(PoolReports pool) {
        running.decrementAndGet();
        pool.abandoned(running::get, most);
    }
}
