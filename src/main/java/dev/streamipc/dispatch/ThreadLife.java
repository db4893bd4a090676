package dev.streamipc.dispatch;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.StartFailed;
import dev.streamipc.session.LocalHandlers;
import dev.streamipc.supervise.Supervised;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final AtomicReference<State> state = new AtomicReference<>(State.LIVES);
    private final AtomicBoolean isOver = new AtomicBoolean();
    private volatile boolean isUnwanted;
    private volatile @Nullable Life life;
    private volatile long number;
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
        try {
            thread.start();
        } catch (OutOfMemoryError noThread) {
            over(new StartFailed("no thread is to be had", List.of(), null, noThread));
            return;
        }
        try {
            awaitOpened();
            if (isUnwanted || !pool.ready(slot, number, worker)) {
                worker.close();
            }
        } catch (StartFailed failure) {
            worker.close();
            leaveBehind();
            over(failure);
        }
    }

    private void awaitOpened() {
        long limitMillis = plan.startLimit().toMillis();
        try {
            opened.get(limitMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new StartFailed("the worker was not ready in time: limitMs=" + limitMillis, List.of(), null, late);
        } catch (InterruptedException interrupted) {
            throw new StartFailed("the start was interrupted", List.of(), null, interrupted);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof StartFailed start
                    ? start
                    : new StartFailed("the worker could not be set up", List.of(), null, failed.getCause());
        }
    }

    /** The body of the thread. */
    private void live() {
        Throwable failure = null;
        NestedMark.enter(plan.mark());
        try {
            LocalHandlers handlers = plan.setUp();
            pool.entered(slot, number);
            plan.runStartTask(handlers);
            opened.complete(null);
            worker.work(handlers);
        } catch (Throwable thrown) {
            failure = thrown;
        } finally {
            ended(failure);
        }
    }

    private void ended(@Nullable Throwable failure) {
        if (state.getAndSet(State.ENDED) == State.LEFT_BEHIND) {
            plan.abandoned().remove(pool);
        }
        worker.close();
        if (failure == null) {
            over(new StartFailed("the worker was ended", List.of(), null, null));
        } else if (!opened.completeExceptionally(failure)) {
            over(failure);
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
        StartFailed why = new StartFailed("the worker was left behind", List.of(), null, null);
        opened.completeExceptionally(why);
        over(why);
    }
}
