package dev.streamipc.session;

import dev.streamipc.callback.CallbackHop;
import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.Message;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The progress of one call as a stream: make one for each call, subscribe, and give it to {@link
 * CallOptions#progressTo}.
 *
 * <p>It takes one subscriber, before or after the call is made, and keeps to the rules of {@link Flow}: as many updates as
 * were requested, one signal at a time, on the callback executor; then, behind the outcome of the future, {@code onComplete}
 * if the call was answered, else {@code onError} with its failure. Updates that nobody has requested wait, at most
 * 256 a call, and in all calls of a session at most {@code maxInboundBytes}; over that the oldest is dropped and {@link
 * Progress#skipped} of the next says so. The outcome waits for no demand: what was not requested by then is dropped. Nor does
 * it wait for a subscriber beyond the deadline, a cancel, or a second after the end of the session.
 *
 * <p>Cancelling the subscription ends the updates and not the call; that the future does. A subscriber that throws is taken
 * for one that has cancelled. All methods may be called from any thread, and none blocks.
 *
 * @param <P> the type of the updates
 */
public sealed class ProgressPublisher<P extends Message> implements Flow.Publisher<Progress<P>> {
    /*
     * One thread at a time drains, and it alone sends signals, so they are serial on any executor. Nothing of the user's
     * runs under the lock. The outcome passes through here too, so that no update comes behind it.
     */

    private static final int MOST_SIGNALS_A_TURN = 256;

    private final Class<P> type;
    private final Object lock = new Object();
    private final ProgressQueue<P> queue = new ProgressQueue<>(); // guarded by lock
    private @Nullable Run run; // guarded by lock, as all below
    private Flow.@Nullable Subscriber<? super Progress<P>> subscriber;
    private boolean subscribed;
    private boolean cancelled;
    private boolean draining;
    private long demand;
    private @Nullable Outcome outcome;
    private boolean settled;
    private @Nullable Throwable misuse;
    private Scheduler.Due latest = () -> {};
    private final Runnable hurry = this::hurry;

    /** What the session gives to the publisher of a call. */
    record Run(Executor callbacks, ProgressQueue.Budget budget, Scheduler scheduler, long deadlineNanos) {}

    /** How the call ended, and what gives the caller that. */
    private record Outcome(@Nullable Throwable failure, Runnable settle) {}

    /**
     * Makes a publisher for one call.
     *
     * @param type the type of the updates, or a sealed interface of several; updates of other types are logged and dropped
     */
    public ProgressPublisher(Class<P> type) {
        this.type = Objects.requireNonNull(type, "type");
    }

    /**
     * Adds the subscriber. Its {@code onSubscribe} runs on this thread; a second one gets an {@link IllegalStateException}
     * through its {@code onError}.
     *
     * @param added the subscriber
     */
    @Override
    public void subscribe(Flow.Subscriber<? super Progress<P>> added) {
        Objects.requireNonNull(added, "subscriber");
        boolean second;
        synchronized (lock) {
            second = subscribed;
            subscribed = true;
        }
        if (second) {
            added.onSubscribe(new Demand(true));
            added.onError(new IllegalStateException("one subscriber only; make a publisher for each"));
            return;
        }
        try {
            added.onSubscribe(new Demand(false));
        } catch (Throwable failure) {
            broken(failure);
            return;
        }
        synchronized (lock) {
            // only from now on, so that no signal passes onSubscribe
            subscriber = added;
        }
        drainSoon();
    }

    /** Returns what updates have to be. */
    Class<P> type() {
        return type;
    }

    /**
     * The call is made.
     *
     * @throws IllegalStateException if another call has this publisher
     */
    void begin(Run begun) {
        synchronized (lock) {
            if (run != null) {
                throw new IllegalStateException("publisher has a call already; make one for each call");
            }
            run = begun;
            queue.countIn(begun.budget());
        }
    }

    /** Takes an update in; on the thread that reads. */
    void take(Message message, int bytes, long skipped) {
        put(message, bytes, skipped);
        drainSoon();
    }

    /** Lets an update wait for {@link #drainSoon}. */
    void put(Message message, int bytes, long skipped) {
        synchronized (lock) {
            if (!cancelled && outcome == null) {
                queue.add(type.cast(message), bytes, skipped);
            }
        }
    }

    /** So many updates can't be handed over. */
    void skip(long count) {
        synchronized (lock) {
            queue.addSkipped(count);
        }
    }

    /**
     * The call has its outcome, which is given to the caller behind the updates that somebody has requested, but by the
     * deadline or a second after the end of the session at the latest, whatever a subscriber is doing.
     */
    void end(@Nullable Throwable failure, Runnable settle) {
        synchronized (lock) {
            if (outcome != null) {
                return;
            }
            outcome = new Outcome(failure, settle);
            Scheduler scheduler = requireRun().scheduler();
            latest = scheduler.schedule(this::settleNow, requireRun().deadlineNanos() - scheduler.nanoTime());
            requireRun().budget().hold(hurry);
        }
        drainSoon();
    }

    /** The session has ended: who takes the updates has a moment left. */
    private void hurry() {
        synchronized (lock) {
            if (outcome != null && !settled) {
                Scheduler scheduler = requireRun().scheduler();
                long left = requireRun().deadlineNanos() - scheduler.nanoTime();
                latest.cancel();
                latest = scheduler.schedule(this::settleNow, Math.min(CallbackHop.PATIENCE_NANOS, left));
            }
        }
    }

    private Run requireRun() {
        return Objects.requireNonNull(run, "no call has begun");
    }

    /** The caller gets or has the outcome now: no update begins from here on. */
    void stop(@Nullable Throwable failure) {
        synchronized (lock) {
            if (settled) {
                return;
            }
            outcome = new Outcome(failure, () -> {});
            settling(outcome);
        }
        drainSoon();
    }

    /** Gives the caller the outcome on this thread, if it still waits for the callback executor. */
    void settleNow() {
        Runnable settle = null;
        synchronized (lock) {
            if (outcome != null && !settled) {
                settle = settling(outcome);
            }
        }
        if (settle != null) {
            settle.run();
        }
    }

    private Runnable settling(Outcome due) {
        settled = true;
        latest.cancel();
        requireRun().budget().letGo(hurry);
        queue.clear();
        return due.settle();
    }

    /** Has what waits told on the callback executor. */
    void drainSoon() {
        synchronized (lock) {
            if (draining) {
                return;
            }
            draining = true;
        }
        submit();
    }

    /** Before the call is made only its subscriber comes here, so that its own thread will do. */
    private void submit() {
        Run begun;
        synchronized (lock) {
            begun = run;
        }
        try {
            if (begun == null) {
                drain();
            } else {
                begun.callbacks().execute(this::drain);
            }
        } catch (RuntimeException | Error rejected) {
            SessionLog.LOG.warn("progress not handed over: callback executor takes no more", rejected);
            synchronized (lock) {
                draining = false;
            }
            settleNow();
        }
    }

    private void drain() {
        for (int i = 0; i < MOST_SIGNALS_A_TURN; i++) {
            Runnable signal = next();
            if (signal == null) {
                return;
            }
            signal.run();
        }
        submit();
    }

    /** Returns what is to be done next; null if nothing is, and then nobody drains any more. */
    private @Nullable Runnable next() {
        synchronized (lock) {
            Flow.Subscriber<? super Progress<P>> to = cancelled ? null : subscriber;
            if (to != null && misuse != null) {
                return last(to, misuse);
            }
            if (to != null && demand > 0 && !queue.isEmpty()) {
                demand -= demand == Long.MAX_VALUE ? 0 : 1;
                Progress<P> update = Objects.requireNonNull(queue.poll());
                return () -> tell(to, update);
            }
            if (outcome != null && !settled) {
                return settling(outcome);
            }
            if (outcome != null && to != null) {
                return last(to, outcome.failure());
            }
            draining = false;
            return null;
        }
    }

    private Runnable last(Flow.Subscriber<?> to, @Nullable Throwable failure) {
        release();
        return () -> {
            try {
                if (failure == null) {
                    to.onComplete();
                } else {
                    to.onError(failure);
                }
            } catch (Throwable thrown) {
                SessionLog.LOG.error("progress subscriber failed", thrown);
            }
        };
    }

    private void tell(Flow.Subscriber<? super Progress<P>> to, Progress<P> update) {
        try {
            to.onNext(update);
        } catch (Throwable failure) {
            broken(failure);
        }
    }

    private void broken(Throwable failure) {
        SessionLog.LOG.error("progress subscriber failed", failure);
        release();
    }

    private void release() {
        synchronized (lock) {
            cancelled = true;
            subscriber = null;
            queue.clear();
        }
    }

    /** What the subscriber holds. */
    private final class Demand implements Flow.Subscription {

        private final boolean ofSecond;

        Demand(boolean ofSecond) {
            this.ofSecond = ofSecond;
        }

        @Override
        public void request(long count) {
            if (ofSecond) {
                return;
            }
            synchronized (lock) {
                if (count <= 0) {
                    misuse = new IllegalArgumentException("request of less than one: count=" + count);
                } else {
                    demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
                }
            }
            drainSoon();
        }

        @Override
        public void cancel() {
            if (!ofSecond) {
                release();
            }
        }
    }

    /** A task of several attempts. */
    interface Task {

        /** Takes an update of one of them. */
        void take(ProgressPublisher<?> attempt, Message message, int bytes, long skipped);

        /** So many updates of one of them can't be handed over. */
        void skip(ProgressPublisher<?> attempt, long count);
    }

    /** The progress of one attempt at a task, which goes on to the publisher of the whole task. The outcome waits there, not here. */
    static final class OfAttempt<P extends Message> extends ProgressPublisher<P> {

        private final Task task;

        OfAttempt(Class<P> type, Task task) {
            super(type);
            this.task = task;
        }

        @Override
        void begin(Run begun) {
            // the task has begun before
        }

        @Override
        void take(Message message, int bytes, long skipped) {
            task.take(this, message, bytes, skipped);
        }

        @Override
        void skip(long count) {
            task.skip(this, count);
        }

        @Override
        void end(@Nullable Throwable failure, Runnable settle) {
            settle.run();
        }

        @Override
        void stop(@Nullable Throwable failure) {
            // there may be another attempt
        }

        @Override
        void settleNow() {
            // nothing waits here
        }
    }
}
