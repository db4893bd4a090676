package dev.streamipc.sample.dispatch;

import dev.streamipc.dispatch.Dispatcher;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** How many of the jobs of a pool have ended. For all threads. */
final class Jobs {

    private final String name;
    private final Dispatcher pool;
    private final int total;
    private final AtomicInteger done = new AtomicInteger();

    Jobs(String name, Dispatcher pool, int total) {
        this.name = name;
        this.pool = pool;
        this.total = total;
    }

    <T> CompletableFuture<T> counted(CompletableFuture<T> job) {
        return job.whenComplete((value, failure) -> done.incrementAndGet());
    }

    String name() {
        return name;
    }

    Dispatcher pool() {
        return pool;
    }

    int total() {
        return total;
    }

    int done() {
        return done.get();
    }
}
