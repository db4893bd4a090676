package dev.streamipc.dispatch;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.StartFailed;
import dev.streamipc.session.LocalHandlers;
import dev.streamipc.supervise.Supervised;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One life of a worker that is a thread. */
final class ThreadLife implements Supervised {

    /** Where the thread stands. */
    private enum State {
        LIVES,
        LEFT_BEHIND,
        ENDED
    }

    private final Slot slot;
    private final PoolReports pool;
    private final ThreadPlan plan;
    private final Thread thread;
    private final ThreadWorker worker;
    private final AtomicBoolean hasOpened = new AtomicBoolean();
    private final AtomicReference<State> state = new AtomicReference<>(State.LIVES);
    private final AtomicBoolean isOver = new AtomicBoolean();
    private volatile boolean isUnwanted;
    private volatile @Nullable Life life;
    private volatile long number;
    private volatile Scheduler.Due startLimit = () -> {};
    private volatile Scheduler.Due graceEnd = () -> {};

    ThreadLife(Slot slot, PoolReports pool, ThreadPlan plan) {
        this.slot = slot;
        this.pool = pool;
        this.plan = plan;
        worker = new ThreadWorker(plan.calls(), this::leaveBehind);
        thread = plan.thread(slot.name, this::live);
    }

    /** It counts as started at once: that it does not get ready is a failure like any other, with a backoff and a limit. */
    @Override
    public void start(Life told) {
        life = told;
        number = pool.starting(slot);
        if (number == 0) {
            told.ended(null);
            return;
        }
        told.started();
        startLimit = plan.afterStartLimit(this::startLate);
        try {
            thread.start();
        } catch (OutOfMemoryError noThread) {
            over(new StartFailed("no thread is to be had", List.of(), null, noThread));
        }
    }

    private void startLate() {
        if (hasOpened.compareAndSet(false, true)) {
            worker.close();
            leaveBehind();
            long limitMillis = plan.startLimit().toMillis();
            over(new StartFailed("the worker was not ready in time: limitMs=" + limitMillis, List.of(), null, null));
        }
    }

    /** The body of the thread. */
    private void live() {
        Throwable failure = null;
        NestedMark.enter(plan.mark());
        try {
            LocalHandlers handlers = plan.setUp();
            pool.entered(slot, number, OptionalLong.empty());
            plan.runStartTask(handlers);
            if (hasOpened.compareAndSet(false, true)) {
                startLimit.cancel();
                work(handlers);
            }
        } catch (Throwable thrown) {
            failure = thrown;
        } finally {
            ended(failure);
        }
    }

    private void work(LocalHandlers handlers) {
        if (isUnwanted || !pool.ready(slot, number, worker)) {
            worker.close();
        }
        worker.work(handlers);
    }

    private void ended(@Nullable Throwable failure) {
        if (state.getAndSet(State.ENDED) == State.LEFT_BEHIND) {
            plan.abandoned().remove(pool);
        }
        worker.close();
        if (failure == null) {
            over(new StartFailed("the worker was ended", List.of(), null, null));
        } else if (failure instanceof StartFailed || hasOpened.get()) {
            over(failure);
        } else {
            over(new StartFailed("the worker could not be set up", List.of(), null, failure));
        }
    }

    /** A thread can't be ended by force: it is asked once more, and nobody waits for it any longer. */
    private void leaveBehind() {
        if (state.compareAndSet(State.LIVES, State.LEFT_BEHIND)) {
            plan.abandoned().add(pool);
            thread.interrupt();
        }
    }

    private void over(Throwable failure) {
        startLimit.cancel();
        graceEnd.cancel();
        Life told = life;
        if (told != null && isOver.compareAndSet(false, true)) {
            pool.gone(slot, number, failure);
            told.ended(isUnwanted ? null : failure);
        }
    }

    /** What it runs has been ended for its caller; the thread has the grace to hear of it. */
    @Override
    public void stop() {
        isUnwanted = true;
        worker.close();
        if (state.get() == State.LEFT_BEHIND) {
            kill();
            return;
        }
        if (!hasOpened.get()) {
            // what sets it up has no cancel to hear
            thread.interrupt();
        }
        graceEnd = plan.afterGrace(this::kill);
        if (isOver.get()) {
            graceEnd.cancel();
        }
    }

    @Override
    public void kill() {
        isUnwanted = true;
        worker.close();
        leaveBehind();
        over(new StartFailed("the worker was left behind", List.of(), null, null));
    }
}
