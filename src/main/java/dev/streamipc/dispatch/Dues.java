package dev.streamipc.dispatch;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * When waiting tasks have waited long enough. Those that wait no more are left behind, and swept out before they are more than the others.
 * Guarded by the lock of the pool.
 */
final class Dues {

    private static final int SWEEP_FROM = 64;

    // times are compared by difference: nanoTime may wrap
    private static final Comparator<Task<?>> BY_DUE =
            (left, right) -> Long.signum(left.queueDueNanos - right.queueDueNanos);

    private PriorityQueue<Task<?>> heap = new PriorityQueue<>(BY_DUE);

    void add(Task<?> task) {
        heap.add(task);
    }

    /** Keeps what is left behind small. */
    void sweep(int waiting) {
        if (heap.size() > SWEEP_FROM && heap.size() > 2 * waiting) {
            // a new one, since a heap never gives room back
            PriorityQueue<Task<?>> swept = new PriorityQueue<>(BY_DUE);
            heap.forEach(task -> {
                if (task.state == Task.State.QUEUED) {
                    swept.add(task);
                }
            });
            heap = swept;
        }
    }

    /** Returns the task whose wait is over first, null if none waits. */
    @Nullable
    Task<?> peek() {
        Task<?> first = heap.peek();
        while (first != null && first.state != Task.State.QUEUED) {
            heap.remove();
            first = heap.peek();
        }
        return first;
    }

    /** Takes out a task whose wait is over; null if there is none. */
    @Nullable
    Task<?> pollLate(long nowNanos) {
        Task<?> first = peek();
        if (first == null || first.queueDueNanos - nowNanos > 0) {
            return null;
        }
        return heap.remove();
    }
}
