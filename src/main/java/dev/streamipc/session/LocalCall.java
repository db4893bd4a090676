package dev.streamipc.session;

import dev.streamipc.callback.Callbacks;
import dev.streamipc.callback.CancellableCall;
import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.Cancelled;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Request;
import dev.streamipc.message.Undecodable;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One call of handlers in this JVM, without a session: the same outcomes, progress and cancellation, and the values are handed
 * over as they are. Whoever makes it has a thread {@link #run} it. For all threads. For dispatchers; others have a session.
 */
public final class LocalCall extends CancellableCall<Message> {

    private enum State {
        WAITING,
        RUNNING,
        ENDED
    }

    private final Facts facts;
    private final Surroundings around;
    private final Duration limit;
    private final long deadlineNanos;
    private final @Nullable ProgressPublisher<?> progress;
    private volatile State state = State.WAITING; // changed under the lock of this, as what follows
    private @Nullable CancelSignal signal;
    private Scheduler.Due due = () -> {};

    /** Takes the outcome of a call, once; on any thread, which is not to be held up. */
    @FunctionalInterface
    public interface Outcome {

        /**
         * The call has ended.
         *
         * @param answer null if there is a failure
         * @param failure null if there is an answer
         */
        void take(@Nullable Message answer, @Nullable Throwable failure);
    }

    /**
     * What is called.
     *
     * @param request for the handlers
     * @param options deadline, progress, attempt and key of the call
     * @param outcome takes what comes of it
     */
    public record Facts(Request<?> request, CallOptions options, Outcome outcome) {}

    /**
     * What calls share.
     *
     * @param callbacks where cancel actions and progress run
     * @param aside ends calls whose time is up
     */
    public record Surroundings(Callbacks callbacks, Executor aside) {}

    /** How a call ends before its time, once it is known how far it had come. */
    @FunctionalInterface
    public interface Reason {

        /**
         * Makes the failure.
         *
         * @param phase QUEUED or RUNNING
         * @return the failure
         */
        IpcFailure at(Phase phase);
    }

    private LocalCall(Facts facts, Surroundings around) {
        super(around.callbacks());
        this.facts = facts;
        this.around = around;
        CallOptions options = facts.options();
        limit = options.deadline() == null ? CallOptions.MAX_DEADLINE : options.deadline();
        deadlineNanos = scheduler().nanoTime() + limit.toNanos();
        progress = options.progress() == null ? null : options.progress().get();
    }

    /**
     * Makes a call. Its time begins now.
     *
     * @param facts what is called
     * @param around what calls share
     * @return waits until it is run
     * @throws IllegalStateException if the publisher of its progress has a call already
     */
    public static LocalCall of(Facts facts, Surroundings around) {
        LocalCall call = new LocalCall(facts, around);
        call.begin();
        return call;
    }

    private void begin() {
        if (progress != null) {
            progress.begin(new ProgressPublisher.Run(
                    around.callbacks().executor(), new ProgressQueue.Budget(0), scheduler(), deadlineNanos));
        }
        Scheduler.Due expiry = scheduler()
                .schedule(
                        () -> around.aside().execute(this::expire),
                        deadlineNanos - scheduler().nanoTime());
        synchronized (this) {
            due = expiry;
        }
    }

    private Scheduler scheduler() {
        return around.callbacks().scheduler();
    }

    /**
     * Runs the handlers on this thread, unless the call has ended. Throws nothing of theirs. An interrupt for a cancel never
     * outlasts it.
     *
     * @param handlers who answers
     */
    public void run(LocalHandlers handlers) {
        CancelSignal mine = new CancelSignal(
                around.callbacks().executor(),
                scheduler(),
                new CancelSignal.Facts(Thread.currentThread(), true, deadlineNanos));
        synchronized (this) {
            if (state != State.WAITING) {
                return;
            }
            state = State.RUNNING;
            signal = mine;
        }
        Message answer = null;
        Throwable failure = null;
        HandledDeadline before = HandledDeadline.enter(true, deadlineNanos);
        try {
            answer = handlers.answer(facts.request(), new Context(mine));
        } catch (Throwable thrown) {
            failure = failureOf(thrown, mine);
        } finally {
            before.leave();
            mine.handlerReturned();
        }
        end(answer, answer == null && failure == null ? handlers.unhandled(facts.request()) : failure);
    }

    private Throwable failureOf(Throwable thrown, CancelSignal mine) {
        if (thrown instanceof ArgumentsRefused refused) {
            return new Undecodable(
                    Undecodable.Subject.ARGUMENT,
                    Undecodable.Side.THERE,
                    "streamipc.Call",
                    String.valueOf(refused.getMessage()));
        }
        SessionLog.LOG.debug(
                "request handler failed: type={}", facts.request().getClass().getName(), thrown);
        return mine.isByDeadline() ? new DeadlinePassed(Phase.RUNNING, limit) : FailureJson.remote(thrown);
    }

    private void end(@Nullable Message answer, @Nullable Throwable failure) {
        synchronized (this) {
            if (state == State.ENDED) {
                return;
            }
            state = State.ENDED;
            due.cancel();
        }
        if (progress == null) {
            tell(answer, failure);
        } else {
            progress.end(failure, () -> tell(answer, failure));
        }
    }

    private void tell(@Nullable Message answer, @Nullable Throwable failure) {
        facts.outcome().take(answer, failure);
        settle(answer, failure);
    }

    private void expire() {
        stop(phase -> new DeadlinePassed(phase, limit), "deadline passed");
    }

    /**
     * Ends the call now, unless it has ended. If it runs, its handler is told that nobody waits, and its thread interrupted: there
     * is nothing stronger.
     *
     * @param failure its outcome
     * @param why for the handler
     * @return how far it had come: QUEUED or RUNNING
     */
    public Phase stop(Reason failure, String why) {
        State before;
        CancelSignal told;
        synchronized (this) {
            before = state;
            told = signal;
            state = State.ENDED;
            due.cancel();
        }
        Phase phase = before == State.WAITING ? Phase.QUEUED : Phase.RUNNING;
        if (before == State.ENDED) {
            hurryOutcome();
            return phase;
        } else if (told != null) {
            told.cancel(why);
            told.interruptHandler();
        }
        IpcFailure outcome = failure.at(phase);
        if (progress != null) {
            progress.stop(outcome);
        }
        tell(null, outcome);
        return phase;
    }

    /** The outcome may wait behind updates that nobody takes. */
    private void hurryOutcome() {
        if (progress != null) {
            progress.settleNow();
        }
    }

    private final class Context implements RequestContext {

        private final Cancellation cancellation;

        Context(Cancellation cancellation) {
            this.cancellation = cancellation;
        }

        @Override
        public void progress(Message message) {
            Objects.requireNonNull(message, "message");
            if (progress == null || state != State.RUNNING) {
                return;
            } else if (progress.type().isInstance(message)) {
                progress.take(message, 0, 0);
                return;
            }
            progress.skip(1);
            SessionLog.LOG.warn(
                    "progress not taken: type={}, cause=expected={}",
                    message.getClass().getName(),
                    progress.type().getName());
        }

        @Override
        public Cancellation cancellation() {
            return cancellation;
        }

        @Override
        public Duration timeLeft() {
            return Duration.ofNanos(Math.max(0, deadlineNanos - scheduler().nanoTime()));
        }

        @Override
        public int attempt() {
            return facts.options().attempt();
        }

        @Override
        public Optional<String> key() {
            return Optional.ofNullable(facts.options().key());
        }
    }

    @Override
    public boolean hasBegun() {
        return state == State.RUNNING;
    }

    @Override
    protected void cancelled() {
        stop(phase -> new Cancelled(phase, "cancelled by the caller"), "cancelled by the caller");
    }

    @Override
    protected void completing() {
        // nothing is lent to a call
    }

    @Override
    protected void completedByCaller(@Nullable Throwable failure) {
        cancelled();
    }
}
