package dev.streamipc.session;

import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Frame;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.Cancelled;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.Request;
import dev.streamipc.message.Undecodable;
import dev.streamipc.session.CallStep.Action;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The calls that this side makes, from the request to their one outcome. */
final class Asking {
    /*
     * A call is registered before its frame can leave. Its outcome belongs to whoever moves its state on, as CallRules
     * say: the reader with an answer, the timer, a cancel, the end of the session. What a step asks for is done here.
     */

    private static final long DIRECTION_BIT = Long.MIN_VALUE;
    private static final int NO_DEADLINE = -1;
    private static final String CANCEL_REASON = "cancelled by the caller";

    private final PeerSettings settings;
    private final long direction;
    private final RequestIdGenerator ids;
    private final PendingCalls pending;
    private final Outbox outbox;
    private final Outbound outbound;
    private final Queueing queueing;
    private final Gate gate;
    private final Scales scales;
    private final Callbacks callbacks;
    private final CallWatch watch;
    private final Deadlines deadlines;
    private final Runnable onSettled;
    private final ProgressQueue.Budget progressBudget;
    private final AtomicLong lateProgress = new AtomicLong();
    private final AtomicLong lateAnswers = new AtomicLong();
    private final AtomicLong answers = new AtomicLong();

    /** What asking needs of its session. */
    record Parts(
            PendingCalls pending,
            Outbox outbox,
            Outbound outbound,
            Queueing queueing,
            Gate gate,
            Scales scales,
            Callbacks callbacks,
            CallWatch watch) {}

    /**
     * Makes the asking side of a session.
     *
     * @param onSettled told when calls were claimed, so that a closing session can see whether any is left
     */
    Asking(PeerSettings settings, Role role, Parts parts, Runnable onSettled) {
        this.settings = settings;
        this.direction = role == Role.CHILD ? DIRECTION_BIT : 0;
        this.ids = settings.requestIds().get();
        this.pending = parts.pending();
        this.outbox = parts.outbox();
        this.outbound = parts.outbound();
        this.queueing = parts.queueing();
        this.gate = parts.gate();
        this.scales = parts.scales();
        this.callbacks = parts.callbacks();
        this.watch = parts.watch();
        this.deadlines = new Deadlines(settings.scheduler(), pending, this::expire);
        this.progressBudget = new ProgressQueue.Budget(settings.limits().maxInboundBytes());
        this.onSettled = onSettled;
    }

    <R extends Message> CompletableFuture<R> request(Request<R> request, CallOptions options) {
        Duration limit = options.deadline() != null
                ? options.deadline()
                : settings.times().deadline();
        PendingCall<R> call = call(request, limit, options);
        WhenFull whenFull = options.whenFull() != null ? options.whenFull() : settings.whenFull();
        IpcFailure refusal =
                call.limit.isZero() ? new DeadlinePassed(Phase.QUEUED, call.limit) : register(call, whenFull);
        if (refusal != null) {
            watch.failed(call, refusal, Phase.QUEUED);
            call.settle(null, refusal);
            return call;
        }
        deadlines.consider(call.deadlineNanos);
        int flags =
                (options.tellStarted() ? Flags.WANT_STARTED : 0) | (call.progress != null ? Flags.WANT_PROGRESS : 0);
        try {
            if (pass(call, request, flags) == Next.FULL) {
                passLater(call, request, flags, whenFull);
            }
        } catch (IpcFailure failure) {
            fail(call, failure);
        }
        return call;
    }

    /** Makes a call; inside a handler it gets no more time than that has left, which may be none. */
    private <R extends Message> PendingCall<R> call(
            Request<R> request, Duration limit, CallOptions options) {
        long now = settings.scheduler().nanoTime();
        long limitNanos = Math.max(0, HandledDeadline.atMost(limit.toNanos(), now));
        ProgressPublisher<?> publisher =
                options.progress() == null ? null : options.progress().get();
        ByteBuffer memory = options.attachmentsInto();
        if (publisher != null) {
            publisher.begin(new ProgressPublisher.Run(
                    callbacks.executor(), progressBudget, settings.scheduler(), now + limitNanos));
        }
        return new PendingCall<>(
                callbacks,
                new PendingCall.Facts(
                        direction | (ids.next() & ~DIRECTION_BIT),
                        request.getClass(),
                        now + limitNanos,
                        Duration.ofNanos(limitNanos),
                        publisher,
                        memory == null ? null : new LandingPlace(memory)),
                this::cancel);
    }

    private @Nullable IpcFailure register(PendingCall<?> call, WhenFull whenFull) {
        IpcFailure refusal = pending.register(call);
        while (whenFull == WhenFull.WAIT && Queueing.isFull(refusal)) {
            switch (queueing.awaitFewerCalls(call.deadlineNanos)) {
                case DONE, OVER -> refusal = pending.register(call);
                case TIME_UP -> {
                    return new DeadlinePassed(Phase.QUEUED, call.limit);
                }
                case NOT_ALLOWED, INTERRUPTED -> {
                    return refusal;
                }
            }
        }
        return refusal;
    }

    private Next pass(PendingCall<?> call, Message request, int flags) {
        return gate.isOpen()
                ? send(call, request, flags)
                : gate.pass(
                        () -> send(call, request, flags),
                        () -> sendHeld(call, request, flags),
                        scales.bytesOf(request));
    }

    private Next send(PendingCall<?> call, Message request, int flags) {
        return call.isDone() ? Next.WITHDRAWN : outbound.request(call, request, flags, timeLeftMillis(call));
    }

    /** Its caller has gone on, and this thread reads. */
    private void sendHeld(PendingCall<?> call, Message request, int flags) {
        try {
            if (send(call, request, flags) == Next.FULL) {
                fail(call, full("larger than it seemed before the hello"));
            }
        } catch (IpcFailure failure) {
            fail(call, failure);
        }
    }

    private void passLater(PendingCall<?> call, Message request, int flags, WhenFull whenFull) {
        if (whenFull == WhenFull.REJECT) {
            fail(call, full("the other side reads too slowly, ask less at once"));
            return;
        }
        switch (queueing.send(() -> pass(call, request, flags), call.passage, call.deadlineNanos)) {
            case DONE, OVER -> {}
            case TIME_UP -> expire(call);
            case NOT_ALLOWED -> fail(call, full("a thread that reads must not wait"));
            case INTERRUPTED -> fail(call, full("the wait for room was interrupted"));
        }
    }

    private int timeLeftMillis(PendingCall<?> call) {
        long left = call.deadlineNanos - settings.scheduler().nanoTime();
        return left > TimeUnit.HOURS.toNanos(100)
                ? NO_DEADLINE
                : (int) Math.max(0, TimeUnit.NANOSECONDS.toMillis(left));
    }

    private Rejected full(String why) {
        return new Rejected(
                Rejected.Reason.QUEUE_FULL,
                "queue=outbound, maxOutboundBytes=" + settings.limits().maxOutboundBytes() + ", callsInFlight="
                        + pending.size() + "; " + why);
    }

    private void fail(PendingCall<?> call, IpcFailure failure) {
        end(call, CallEvent.REFUSED, phase -> failure);
        onSettled.run();
    }

    /** Ends a call from this side, unless its outcome is decided. */
    private void end(PendingCall<?> call, CallEvent event, Function<Phase, IpcFailure> verdict) {
        CallStep step = call.on(event);
        if (step.asksFor(Action.TAKE_BACK)) {
            step = call.on(outbox.withdraw(call.passage) ? CallEvent.TAKEN_BACK : CallEvent.HAD_LEFT);
        }
        if (step.asksFor(Action.REMEMBER)) {
            // it has left, as the other side has proven, so that this only keeps its place
            outbox.withdraw(call.passage);
        }
        try {
            if (step.asksFor(Action.SEND_CANCEL)) {
                outbound.control(Kind.CANCEL, call.id, CANCEL_REASON.getBytes(StandardCharsets.UTF_8));
            }
        } finally {
            // nobody else settles it, even if there is no memory or thread to tell the other side
            if (step.asksFor(Action.SETTLE)) {
                pending.remove(call);
                decided(call, event, verdict, Objects.requireNonNull(step.phase()));
            }
        }
    }

    private void decided(PendingCall<?> call, CallEvent event, Function<Phase, IpcFailure> verdict, Phase phase) {
        IpcFailure failure = verdict.apply(phase);
        watch.failed(call, failure, phase);
        settle(call, event, failure);
    }

    /** Who cancels a future finds it cancelled on return, and no deadline waits for somebody who takes progress. */
    private static void settle(PendingCall<?> call, CallEvent event, IpcFailure failure) {
        switch (event) {
            case CANCELLED -> call.settleCancelled(failure);
            case EXPIRED -> call.settleAtOnce(failure);
            default -> call.settle(null, failure);
        }
    }

    private void cancel(PendingCall<?> call) {
        end(call, CallEvent.CANCELLED, phase -> new Cancelled(phase, CANCEL_REASON));
        onSettled.run();
    }

    private void expire() {
        long now = settings.scheduler().nanoTime();
        for (PendingCall<?> call : pending.all(candidate -> candidate.deadlineNanos - now <= 0)) {
            expire(call);
        }
        onSettled.run();
    }

    private void expire(PendingCall<?> call) {
        end(call, CallEvent.EXPIRED, phase -> new DeadlinePassed(phase, call.limit));
    }

    /** All calls have ended, and no call will be made. */
    void shut() {
        deadlines.end();
        progressBudget.end();
    }

    /** Ends all calls and refuses new ones, with failures made from the phase of each. */
    void endAll(Function<Phase, IpcFailure> verdict) {
        pending.refuse(verdict);
        pending.all(each -> true).forEach(call -> end(call, CallEvent.SESSION_ENDED, verdict));
        onSettled.run();
    }

    /** The other side starts nothing any more: every call sent behind the named one was not executed. */
    void endBehind(OptionalLong lastStarted, Function<Phase, IpcFailure> refuseNew) {
        long behindBytes = lastStarted.isEmpty() ? Passage.NOT_APPENDED : startOf(lastStarted.getAsLong());
        pending.refuse(refuseNew);
        for (PendingCall<?> call : pending.all(each -> outbox.places().isBehind(each.passage, behindBytes))) {
            end(call, CallEvent.SESSION_ENDED, phase -> draining(call));
        }
        onSettled.run();
    }

    private static Rejected draining(PendingCall<?> call) {
        return new Rejected(
                Rejected.Reason.DRAINING, "requestId=" + Long.toHexString(call.id) + "; the other side is closing");
    }

    /** Returns where the request stands in the stream; the end of all streams if that is not known any more. */
    private long startOf(long id) {
        PendingCall<?> call = pending.find(id);
        return call != null
                ? outbox.places().startOf(call.passage)
                : outbox.places().startOfEnded(id);
    }

    /**
     * Takes REPLY; on the thread that reads.
     *
     * @param message null if it could not be decoded
     * @return false if the call has ended
     */
    boolean reply(long id, @Nullable Message message, Supplier<IpcFailure> undecodable) {
        PendingCall<?> call = claimAnswered(id);
        if (call == null) {
            return false;
        }
        if (message == null) {
            failAnswered(call, undecodable.get());
        } else if (call.answerType().isInstance(message)) {
            watch.answered(call, null);
            complete(call, message);
        } else {
            failAnswered(call, wrongAnswer(call, message));
        }
        onSettled.run();
        return true;
    }

    private @Nullable PendingCall<?> claimAnswered(long id) {
        PendingCall<?> call = pending.remove(id);
        if (call == null || call.on(CallEvent.ANSWERED).asksFor(Action.COUNT_LATE)) {
            lateAnswers.incrementAndGet();
            return null;
        }
        answers.incrementAndGet();
        if (!outbox.places().confirm(call.passage)) {
            // else its attachments would still be read
            outbox.withdraw(call.passage);
        }
        return call;
    }

    private static Undecodable wrongAnswer(PendingCall<?> call, Message message) {
        return new Undecodable(
                Undecodable.Subject.ANSWER,
                Undecodable.Side.HERE,
                message.getClass().getSimpleName(),
                "expected an answer of type " + call.answerType().getSimpleName());
    }

    private void failAnswered(PendingCall<?> call, IpcFailure failure) {
        watch.answered(call, failure);
        call.settle(null, failure);
    }

    @SuppressWarnings("unchecked")
    private static <R> void complete(PendingCall<R> call, Message message) {
        call.settle((R) message, null);
    }

    /** Takes FAILURE; on the thread that reads. Returns false if the call has ended. */
    boolean failure(long id, Function<Duration, IpcFailure> reader) {
        PendingCall<?> call = claimAnswered(id);
        if (call == null) {
            return false;
        }
        failAnswered(call, reader.apply(call.limit));
        onSettled.run();
        return true;
    }

    /** Takes STARTED or PROGRESS; on the thread that reads. Returns its call, null if that has ended. */
    @Nullable
    PendingCall<?> running(Frame frame) {
        PendingCall<?> call = pending.find(frame.id());
        if (call != null) {
            call.on(CallEvent.STARTED);
            outbox.places().confirmRunning(call.passage);
        } else if (frame.kind() == Kind.PROGRESS) {
            lateProgress.incrementAndGet();
        }
        return call;
    }

    /** Returns how many updates came for calls that had ended. */
    long lateProgress() {
        return lateProgress.get();
    }

    /** Returns how many answers came for calls that had ended. */
    long lateAnswers() {
        return lateAnswers.get();
    }

    /** Returns how many answers came for open calls. */
    long answers() {
        return answers.get();
    }
}
