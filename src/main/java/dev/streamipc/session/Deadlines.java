package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import java.util.concurrent.TimeUnit;

/**
 * Ends the calls of a session whose time is up. One timer task looks at all of them, when the earliest may be due, and
 * at most once in a few milliseconds: a call costs nothing but a comparison.
 */
final class Deadlines {

    private static final long LEAST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Scheduler scheduler;
    private final PendingCalls calls;
    private final Runnable expire;
    private final Object lock = new Object();
    private volatile boolean scheduled;
    private volatile long wakeAtNanos;
    private Scheduler.Due due = () -> {}; // guarded by lock
    private boolean ended; // guarded by lock

    /**
     * Makes the watch.
     *
     * @param expire ends the calls that are late; called on the scheduler's thread
     */
    Deadlines(Scheduler scheduler, PendingCalls calls, Runnable expire) {
        this.scheduler = scheduler;
        this.calls = calls;
        this.expire = expire;
    }

    /** A call with this deadline was registered. */
    void consider(long deadlineNanos) {
        if (scheduled && deadlineNanos - wakeAtNanos >= 0) {
            return;
        }
        synchronized (lock) {
            if (!ended && (!scheduled || deadlineNanos - wakeAtNanos < 0)) {
                schedule(deadlineNanos);
            }
        }
    }

    private void schedule(long atNanos) {
        long now = scheduler.nanoTime();
        long waitNanos = Math.max(LEAST_WAIT_NANOS, atNanos - now);
        if (scheduled && now + waitNanos - wakeAtNanos >= 0) {
            // many short deadlines must not put the look off again and again
            return;
        }
        wakeAtNanos = now + waitNanos;
        scheduled = true;
        long mine = wakeAtNanos;
        due.cancel();
        due = scheduler.schedule(() -> look(mine), waitNanos);
    }

    /** There will be no more calls: the timer lets go of the session. */
    void end() {
        synchronized (lock) {
            ended = true;
            due.cancel();
        }
    }

    private void look(long mineNanos) {
        synchronized (lock) {
            if (!scheduled || wakeAtNanos != mineNanos) {
                return;
            }
            scheduled = false;
        }
        try {
            expire.run();
        } finally {
            lookAgain();
        }
    }

    private void lookAgain() {
        long now = scheduler.nanoTime();
        long left = calls.nanosToNextDeadline(now);
        if (left != Long.MAX_VALUE) {
            consider(now + left);
        }
    }
}
