package dev.streamipc.dispatch;

import dev.streamipc.callback.CallFuture;
import dev.streamipc.callback.SerialExecutor;
import dev.streamipc.message.Cancelled;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.FunctionCall;
import dev.streamipc.message.Message;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.message.Request;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.SessionStats;
import dev.streamipc.session.WhenFull;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A worker behind a session. */
final class SessionWorker implements Worker {

    /** A function that nobody registers: a worker refuses it in its turn, when it has ended what it runs. */
    private static final FunctionCall ARE_YOU_FREE = FunctionCall.of("streamipc.are-you-free");

    private final IpcSession session;
    private final SerialExecutor sender;
    private final boolean tellsStarted;
    private final AtomicReference<@Nullable Runnable> onLateAnswer = new AtomicReference<>();
    private volatile long lateBefore;
    private volatile boolean isKilled;

    /**
     * Makes a worker.
     *
     * @param tellsStarted whether the other side is to say when it begins a task
     */
    SessionWorker(IpcSession session, boolean tellsStarted) {
        this.session = session;
        this.sender = new SerialExecutor("streamipc-dispatch-" + session.name());
        this.tellsStarted = tellsStarted;
    }

    @Override
    public OptionalLong pid() {
        return pid(session);
    }

    static OptionalLong pid(IpcSession session) {
        return session.process().map(handle -> OptionalLong.of(handle.pid())).orElse(OptionalLong.empty());
    }

    @Override
    public void run(Task<?> task, Duration limit, Outcome outcome) {
        if (!task.mayBeSent()) {
            outcome.take(null, new Cancelled(Phase.QUEUED, "given up before it was sent"));
            return;
        }
        CompletableFuture<? extends Message> call;
        try {
            call = request(task.request, options(task, limit));
        } catch (RuntimeException | Error failure) {
            outcome.take(null, failure);
            return;
        }
        boolean isWanted = task.sent(call);
        ((CallFuture<? extends Message>) call).whenSettled(outcome::take);
        if (!isWanted) {
            call.cancel(true);
        }
    }

    private CallOptions options(Task<?> task, Duration limit) {
        CallOptions asked = task.options.call();
        return new CallOptions(
                limit,
                WhenFull.REJECT,
                tellsStarted || asked.tellStarted(),
                task.attemptProgress(limit),
                asked.attachmentsInto(),
                task.attempt,
                task.stableKey());
    }

    private <R extends Message> CompletableFuture<R> request(Request<R> request, CallOptions options) {
        return session.request(request, options);
    }

    @Override
    public void execute(Runnable sending) {
        sender.execute(sending);
    }

    /** Its session has ended: its thread ends once it has nothing to do. */
    void retire() {
        sender.retire();
    }

    @Override
    public boolean hasBegun(Task<?> task) {
        return task.hasBegun();
    }

    @Override
    public Phase giveUp(Task<?> task, String reason) {
        lateBefore = lateAnswers();
        CompletableFuture<?> call = task.giveUp();
        if (call == null) {
            return Phase.QUEUED;
        } else if (call == Task.BEING_SENT) {
            return Phase.SENT;
        }
        call.cancel(true);
        Throwable failure = call.handle((answer, thrown) -> thrown).getNow(null);
        if (failure instanceof Cancelled cancelled) {
            return cancelled.phase();
        }
        return failure instanceof DeadlinePassed passed ? passed.phase() : Phase.RUNNING;
    }

    @Override
    public void probe(Duration limit, Runnable free) {
        session.request(ARE_YOU_FREE, CallOptions.deadline(limit)).whenComplete((value, failure) -> {
            if (failure instanceof Rejected rejected && rejected.reason() == Rejected.Reason.NOT_REGISTERED) {
                awaitLateAnswer(free);
            } else if (failure == null || failure instanceof Rejected || failure instanceof RemoteFailure) {
                free.run();
            }
        });
    }

    /** Of a worker that knows no functions only an answer that comes too late says that it is free. */
    private void awaitLateAnswer(Runnable free) {
        onLateAnswer.set(free);
        if (lateAnswers() > lateBefore) {
            lateAnswer();
        }
    }

    /** An answer came for a call that had ended. */
    void lateAnswer() {
        Runnable free = onLateAnswer.getAndSet(null);
        if (free != null) {
            free.run();
        }
    }

    private long lateAnswers() {
        return session.stats().calls().lateAnswers();
    }

    /** Returns whether it was ended by force: then it is heard to its end before its session is closed. */
    boolean isKilled() {
        return isKilled;
    }

    @Override
    public void kill() {
        isKilled = true;
        session.process().ifPresent(ProcessHandle::destroyForcibly);
    }

    @Override
    public boolean isHeardWhole() {
        SessionStats.In in = session.stats().in();
        return in.junkBytes() == 0 && in.damagedFrames() == 0;
    }
}
