package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The cancellation of one request that is being handled; made when its handler asks for it. For all threads. */
final class CancelSignal implements Cancellation {
    /*
     * Whoever cancels, a reader or a timer, only notes the reason. Actions and the interrupt come from the callback
     * executor: a user's action may block, and an interrupt closes the NIO channel that the handler may be using.
     */

    /** The time left travels in whole milliseconds, cut off: until so much has passed the caller may still wait. */
    static final long CUT_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final String DEADLINE = "deadline passed";

    private final Executor callbacks;
    private final Scheduler scheduler;
    private final Facts facts;
    private final Object lock = new Object();
    private final ArrayDeque<Runnable> actions = new ArrayDeque<>(); // guarded by lock
    private boolean interrupts; // guarded by lock
    private boolean interrupted; // guarded by lock
    private boolean returned; // guarded by lock
    private boolean delivering; // guarded by lock
    private Scheduler.Due due = () -> {}; // guarded by lock
    private volatile @Nullable String reason;
    private volatile boolean byDeadline;

    /**
     * What the signal is for.
     *
     * @param handler the thread that runs the handler
     */
    record Facts(Thread handler, boolean hasDeadline, long deadlineNanos) {}

    CancelSignal(Executor callbacks, Scheduler scheduler, Facts facts) {
        this.callbacks = callbacks;
        this.scheduler = scheduler;
        this.facts = facts;
    }

    /** Begins to watch the deadline. */
    void watch() {
        if (facts.hasDeadline()) {
            synchronized (lock) {
                if (!returned) {
                    due = scheduler.schedule(this::expire, nanosToDeadline());
                }
            }
        }
    }

    private long nanosToDeadline() {
        return facts.deadlineNanos() + CUT_OFF_NANOS - scheduler.nanoTime();
    }

    private void expire() {
        cancel(DEADLINE, true);
    }

    /** Notes that nobody waits any more; the first reason stays. Neither blocks nor runs the user's code. */
    void cancel(String why) {
        cancel(why, false);
    }

    private void cancel(String why, boolean isDeadline) {
        boolean tell;
        synchronized (lock) {
            if (reason != null || returned) {
                return;
            }
            byDeadline = isDeadline;
            reason = why;
            tell = interrupts || !actions.isEmpty();
        }
        if (tell) {
            tell();
        }
    }

    private void tell() {
        try {
            callbacks.execute(this::deliver);
        } catch (RuntimeException | Error rejected) {
            SessionLog.LOG.warn("handler not told of a cancel: reason={}", reason, rejected);
        }
    }

    private void deliver() {
        synchronized (lock) {
            if (interrupts) {
                interrupt();
            }
            if (delivering) {
                return;
            }
            delivering = true;
        }
        for (Runnable action = next(); action != null; action = next()) {
            try {
                action.run();
            } catch (Throwable failure) {
                SessionLog.LOG.error("cancel action failed", failure);
            }
        }
    }

    /** Under the lock, so that it has come before the handler is seen to return. */
    private void interrupt() {
        if (!returned && !interrupted) {
            interrupted = true;
            facts.handler().interrupt();
        }
    }

    private @Nullable Runnable next() {
        synchronized (lock) {
            Runnable action = actions.poll();
            delivering = action != null;
            return action;
        }
    }

    /** The handler has returned, on its thread: no interrupt of ours comes from now on, and none is left behind. */
    void handlerReturned() {
        boolean clear;
        synchronized (lock) {
            returned = true;
            clear = interrupted;
            actions.clear();
            due.cancel();
        }
        if (clear) {
            Thread.interrupted();
        }
    }

    @Override
    public boolean isCancelled() {
        if (reason == null && facts.hasDeadline() && nanosToDeadline() <= 0) {
            expire();
        }
        return reason != null;
    }

    @Override
    public Optional<String> reason() {
        return isCancelled() ? Optional.ofNullable(reason) : Optional.empty();
    }

    /** Returns whether the deadline was what cancelled, so that the caller has given up by its own clock. */
    boolean isByDeadline() {
        return byDeadline;
    }

    @Override
    public void throwIfCancelled() {
        if (isCancelled()) {
            throw new CancellationException(reason);
        }
    }

    @Override
    public void onCancel(Runnable action) {
        Objects.requireNonNull(action, "action");
        synchronized (lock) {
            if (returned) {
                return;
            }
            actions.add(action);
            if (reason == null) {
                return;
            }
        }
        tell();
    }

    @Override
    public void interruptHandler() {
        synchronized (lock) {
            interrupts = true;
            if (reason != null) {
                interrupt();
            }
        }
    }
}
