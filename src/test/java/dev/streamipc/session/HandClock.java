package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that stands still until a test moves it; what is due then runs on the test's thread, each at its exact time. */
final class HandClock implements Scheduler {

    private record Task(long atNanos, long order, Runnable body) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::atNanos).thenComparing(Task::order));
    private long nowNanos;
    private long order;

    @Override
    public synchronized long nanoTime() {
        return nowNanos;
    }

    @Override
    public synchronized Due schedule(Runnable body, long delayNanos) {
        Task task = new Task(nowNanos + Math.max(0, delayNanos), order++, body);
        tasks.add(task);
        return () -> cancel(task);
    }

    private synchronized void cancel(Task task) {
        tasks.remove(task);
    }

    /** Returns how many tasks wait. */
    synchronized int waiting() {
        return tasks.size();
    }

    /** Lets time pass. */
    void advance(Duration time) {
        long endNanos = nanoTime() + time.toNanos();
        for (Task next = nextBy(endNanos); next != null; next = nextBy(endNanos)) {
            next.body().run();
        }
    }

    private synchronized Task nextBy(long endNanos) {
        Task next = tasks.peek();
        boolean due = next != null && next.atNanos() <= endNanos;
        nowNanos = due ? Math.max(nowNanos, next.atNanos()) : endNanos;
        return due ? tasks.remove() : null;
    }
}
