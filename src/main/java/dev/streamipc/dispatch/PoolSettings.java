package dev.streamipc.dispatch;

import dev.streamipc.session.CallOptions;
import dev.streamipc.supervise.Backoff;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a pool behaves, whatever its workers are. */
record PoolSettings(String name, Size size, Queueing queueing, Times times, Recycling recycling, Restarts restarts) {

    /** How many workers there are, and how many tasks each has. */
    record Size(int min, int max, int spares, int overflow, int prefetch) {}

    /** What waits for a worker. */
    record Queueing(int capacity, QueueFull whenFull, long growAfterNanos) {}

    /** Limits of tasks that name none, and of the pool. */
    record Times(
            @Nullable Duration queueLimit,
            Duration runLimit,
            @Nullable Duration deadline,
            Duration grace,
            Duration idle,
            Duration close) {}

    /** When a worker is replaced; 0 and null for never. */
    record Recycling(long maxTasks, @Nullable Duration maxAge, long maxResidentBytes) {}

    /** When a worker that ended is started again. */
    record Restarts(int intensity, Duration period, Backoff backoff, Duration pause) {}

    /** Returns what a task is given on a worker, null if its time has passed: at prefetch 1 the worker's own clock sees to the run limit too. */
    @Nullable
    Duration limitOnWorker(Task<?> task, long nowNanos) {
        long totalNanos = task.totalDueNanos - nowNanos;
        if (totalNanos <= 0) {
            return null;
        }
        long runNanos = runLimit(task).toNanos();
        return Duration.ofNanos(size.prefetch() > 1 ? totalNanos : Math.min(totalNanos, runNanos));
    }

    /** Returns what a task is given where nobody but its own clock sees to its limits. */
    Duration limitAside(Task<?> task, long nowNanos) {
        long totalNanos = Math.max(1, task.totalDueNanos - nowNanos);
        return Duration.ofNanos(Math.min(totalNanos, runLimit(task).toNanos()));
    }

    Duration runLimit(Task<?> task) {
        Duration own = task.options.runLimit();
        return own == null ? times.runLimit() : own;
    }

    @Nullable
    Duration queueLimit(Task<?> task) {
        Duration own = task.options.queueLimit();
        return own == null ? times.queueLimit() : own;
    }

    @Nullable
    Duration deadline(Task<?> task) {
        Duration own = task.options.call().deadline();
        return own == null ? times.deadline() : own;
    }

    long totalNanos(Task<?> task) {
        Duration limit = deadline(task);
        return (limit == null ? CallOptions.MAX_DEADLINE : limit).toNanos();
    }

    /** Begins a wait of a task for a worker. */
    void waitsFrom(Task<?> task, long sinceNanos) {
        Duration limit = queueLimit(task);
        long waitNanos = (limit == null ? CallOptions.MAX_DEADLINE : limit).toNanos();
        task.queuedNanos = sinceNanos;
        task.queueDueNanos = sinceNanos + Math.min(waitNanos, task.totalDueNanos - sinceNanos);
    }

    /** Returns how long a caller waits for room at most. */
    Duration waitLimit(Task<?> task) {
        Duration inQueue = queueLimit(task);
        Duration inAll = deadline(task);
        Duration longest = inQueue == null ? CallOptions.MAX_DEADLINE : inQueue;
        return inAll == null || inAll.compareTo(longest) > 0 ? longest : inAll;
    }

    QueueFull whenFull(Task<?> task) {
        QueueFull own = task.options.queueFull();
        return own == null ? queueing.whenFull() : own;
    }
}
