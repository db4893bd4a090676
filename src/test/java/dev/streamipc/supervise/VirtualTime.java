package dev.streamipc.supervise;

import dev.streamipc.clock.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that stands still until a test moves it; what is due then runs on the test's thread, each at its exact time. */
final class VirtualTime implements Scheduler {

    private record Task(long atNanos, long order, Runnable body) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::atNanos).thenComparing(Task::order));
    private final long zeroNanos;
    private long nowNanos;
    private long order;

    VirtualTime() {
        this(0);
    }

    /** Makes a clock that begins anywhere, as {@link System#nanoTime} does. */
    VirtualTime(long zeroNanos) {
        this.zeroNanos = zeroNanos;
    }

    @Override
    public long nanoTime() {
        return zeroNanos + nowNanos;
    }

    /** Returns how far a test has moved it. */
    long elapsedNanos() {
        return nowNanos;
    }

    @Override
    public Due schedule(Runnable body, long delayNanos) {
        Task task = new Task(nowNanos + Math.max(0, delayNanos), order++, body);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    int waiting() {
        return tasks.size();
    }

    void advance(Duration time) {
        advanceTo(nowNanos + time.toNanos());
    }

    void advanceTo(long endNanos) {
        while (!tasks.isEmpty() && tasks.peek().atNanos() <= endNanos) {
            Task next = tasks.remove();
            nowNanos = next.atNanos();
            next.body().run();
        }
        nowNanos = endNanos;
    }
}
