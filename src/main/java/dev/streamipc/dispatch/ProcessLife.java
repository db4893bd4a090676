package dev.streamipc.dispatch;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.StartFailed;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.SessionEvent;
import dev.streamipc.supervise.Supervised;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One life of a worker that is a child process. */
final class ProcessLife implements Supervised {

    private static final Duration DEATH_LIMIT = Duration.ofSeconds(2);

    private final Slot slot;
    private final PoolReports pool;
    private final ProcessPlan plan;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private volatile boolean isUnwanted;
    private volatile @Nullable Thread starter;
    private volatile @Nullable IpcSession session;
    private volatile @Nullable SessionWorker worker;
    private long number;

    ProcessLife(Slot slot, PoolReports pool, ProcessPlan plan) {
        this.slot = slot;
        this.pool = pool;
        this.plan = plan;
    }

    /** It counts as started at once: that it does not get ready is a failure like any other, with a backoff and a limit. */
    @Override
    public void start(Life life) {
        number = pool.starting(slot);
        if (number == 0) {
            life.ended(null);
            return;
        }
        life.started();
        Thread thread = new Thread(() -> live(life), "streamipc-dispatch-start-" + slot.name);
        thread.setDaemon(true);
        starter = thread;
        try {
            thread.start();
        } catch (OutOfMemoryError noThread) {
            over(life, new StartFailed("no thread is to be had", List.of(), null, noThread));
        }
    }

    /** On a thread of its own, so that whoever ends this worker waits for no start. */
    private void live(Life life) {
        try {
            open(life);
        } catch (IpcFailure failure) {
            over(life, failure);
        } catch (InterruptedException | RuntimeException | Error failure) {
            over(life, new StartFailed("the worker could not be set up", List.of(), null, failure));
        }
    }

    private void open(Life life) throws InterruptedException {
        IpcSession made = plan.spawn(slot.name);
        session = made;
        try {
            if (isUnwanted) {
                throw new StartFailed("the worker is not wanted any more", List.of(), null, null);
            }
            made.events(event -> take(event, life));
            plan.prepare(made);
            made.start();
            awaitOpened();
            pool.entered(slot, number, SessionWorker.pid(made));
            plan.runStartTask(made);
            SessionWorker ready = plan.worker(made);
            worker = ready;
            if (!pool.ready(slot, number, ready)) {
                made.close();
            }
        } catch (RuntimeException | Error failure) {
            made.close();
            throw failure;
        }
    }

    private void awaitOpened() throws InterruptedException {
        long limitMillis = plan.startLimit().toMillis();
        try {
            opened.get(limitMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new StartFailed("the worker was not ready in time: limitMs=" + limitMillis, List.of(), null, late);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IpcFailure failure) {
                throw failure;
            }
            throw new CompletionException(failed.getCause());
        }
    }

    private void take(SessionEvent event, Life life) {
        if (event instanceof SessionEvent.Opened) {
            opened.complete(null);
        } else if (event instanceof SessionEvent.Closed closed) {
            opened.completeExceptionally(closed.why());
            over(life, closed.why());
        } else if (event instanceof SessionEvent.Stalled stalled) {
            pool.stalled(slot, stalled.since());
        } else if (event instanceof SessionEvent.LateAnswer) {
            SessionWorker ready = worker;
            if (ready != null) {
                ready.lateAnswer();
            }
        }
    }

    private void over(Life life, Throwable failure) {
        if (isOver.compareAndSet(false, true)) {
            pool.gone(slot, number, failure);
            SessionWorker ready = worker;
            if (ready != null) {
                ready.retire();
            }
            life.ended(isUnwanted ? null : failure);
        }
    }

    @Override
    public void stop() {
        isUnwanted = true;
        IpcSession open = session;
        if (open == null) {
            interruptStart();
        } else {
            awaitDeath(open);
            open.close();
        }
    }

    /** There is no session yet whose end would end the start. */
    private void interruptStart() {
        Thread running = starter;
        if (running != null) {
            running.interrupt();
        }
    }

    /** Of one that was killed, what it said before tells which of its tasks had begun. */
    private void awaitDeath(IpcSession open) {
        SessionWorker ready = worker;
        try {
            if (ready != null && ready.isKilled()) {
                open.awaitClosed(DEATH_LIMIT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void kill() {
        isUnwanted = true;
        IpcSession open = session;
        if (open == null) {
            interruptStart();
        } else {
            open.process().ifPresent(ProcessHandle::destroyForcibly);
            open.close();
        }
    }
}
