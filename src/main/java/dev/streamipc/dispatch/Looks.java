package dev.streamipc.dispatch;

import dev.streamipc.clock.Scheduler;
import java.util.concurrent.TimeUnit;

/** The clock of a pool: one look at all that may be due, when the first may be. */
final class Looks {

    private static final long LEAST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long NEVER = Long.MAX_VALUE;

    private final Scheduler scheduler;
    private final Runnable look;
    private final Object guard = new Object();
    /** Guarded by the lock of the pool: the shortest wait that was asked for, since the last time. */
    private volatile long wantedNanos = NEVER;

    /** Written under the guard: when the clock is set for, {@link #NEVER} if it is not. */
    private volatile long dueNanos = NEVER;

    private boolean isOver;
    private Scheduler.Due due = () -> {};

    Looks(Scheduler scheduler, Runnable look) {
        this.scheduler = scheduler;
        this.look = look;
    }

    void within(long waitNanos) {
        long atNanos = scheduler.nanoTime() + Math.max(LEAST_WAIT_NANOS, Math.min(waitNanos, NEVER / 2));
        if (wantedNanos == NEVER || atNanos - wantedNanos < 0) {
            wantedNanos = atNanos;
        }
    }

    void schedule() {
        long wanted = wantedNanos;
        // all threads pass here, with each task: they are not to meet at the guard
        if (wanted == NEVER || !isSooner(wanted)) {
            return;
        }
        synchronized (guard) {
            if (!isOver && isSooner(wanted)) {
                due.cancel();
                dueNanos = wanted;
                due = scheduler.schedule(() -> run(wanted), wanted - scheduler.nanoTime());
            }
        }
    }

    private boolean isSooner(long wanted) {
        long set = dueNanos;
        return set == NEVER || wanted - set < 0;
    }

    private void run(long mine) {
        synchronized (guard) {
            if (isOver || dueNanos != mine) {
                return;
            }
            dueNanos = NEVER;
            wantedNanos = NEVER;
        }
        look.run();
    }

    void end() {
        synchronized (guard) {
            isOver = true;
            due.cancel();
        }
    }
}
