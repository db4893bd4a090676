package dev.streamipc.session;

import dev.streamipc.callback.CallbackHop;
import dev.streamipc.callback.Callbacks;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.Cancelled;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import dev.streamipc.session.CallStep.Action;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
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
    /** Made once: each call has it. */
    private final Consumer<PendingCall<?>> onCancel = this::cancel;

    private final ProgressQueue.Budget progressBudget;

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

    /**
     * What a call is more than a request: flags of its frame, the streams that belong to it, by its id, and what its caller
     * gets of the answer.
     */
    record Extra(int flags, LongFunction<@Nullable PartFlows> flows, Function<Message, @Nullable Object> value) {

        Extra(int flags, LongFunction<@Nullable PartFlows> flows) {
            this(flags, flows, answer -> answer);
        }

        static final Extra NONE = of(answer -> answer);

        static Extra of(Function<Message, @Nullable Object> value) {
            return new Extra(0, id -> null, value);
        }
    }

    <R> PendingCall<R> request(Message request, CallOptions options, Extra extra) {
        Duration limit = options.deadline() != null
                ? options.deadline()
                : settings.times().deadline();
        PendingCall<R> call = call(request, limit, options, extra);
        WhenFull whenFull = options.whenFull() != null ? options.whenFull() : settings.whenFull();
        IpcFailure refusal =
                call.limit.isZero() ? new DeadlinePassed(Phase.QUEUED, call.limit) : register(call, whenFull);
        if (refusal != null) {
            watch.failed(call, refusal, Phase.QUEUED);
            call.settle(null, refusal);
            return call;
        }
        deadlines.consider(call.deadlineNanos);
        int flags = extra.flags()
                | (options.tellStarted() ? Flags.WANT_STARTED : 0)
                | (call.progress != null ? Flags.WANT_PROGRESS : 0);
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
    private <R> PendingCall<R> call(Message request, Duration limit, CallOptions options, Extra extra) {
        long now = settings.scheduler().nanoTime();
        long wantedNanos = limit.toNanos();
        long limitNanos = Math.max(0, HandledDeadline.atMost(wantedNanos, now));
        ProgressPublisher<?> publisher =
                options.progress() == null ? null : options.progress().get();
        ByteBuffer memory = options.attachmentsInto();
        if (publisher != null) {
            publisher.begin(new ProgressPublisher.Run(
                    callbacks.executor(), progressBudget, settings.scheduler(), now + limitNanos));
        }
        long id = direction | (ids.next() & ~DIRECTION_BIT);
        return new PendingCall<>(
                callbacks,
                new PendingCall.Facts(
                        id,
                        request.getClass(),
                        now + limitNanos,
                        limitNanos == wantedNanos ? limit : Duration.ofNanos(limitNanos),
                        Attempt.of(options),
                        publisher,
                        extra.flows().apply(id),
                        memory == null ? null : new LandingPlace(memory),
                        extra.value()),
                onCancel);
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
                        scales.bytesOf(request) + (call.attempt == null ? 0 : call.attempt.lengthBytes()));
    }

    private Next send(PendingCall<?> call, Message request, int flags) {
        Next next = call.isDone() ? Next.WITHDRAWN : outbound.request(call, request, flags, timeLeftMillis(call));
        if (next != Next.FULL && next != Next.WITHDRAWN) {
            call.begun();
        }
        return next;
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
        switch (queueing.send(() -> pass(call, request, flags), call, call.deadlineNanos)) {
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
            step = call.on(outbox.withdraw(call) ? CallEvent.TAKEN_BACK : CallEvent.HAD_LEFT);
        }
        if (step.asksFor(Action.REMEMBER)) {
            // it has left, as the other side has proven, so that this only keeps its place
            outbox.withdraw(call);
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
            case CANCELLED -> {
                if (failure instanceof Cancelled) {
                    call.settleCancelled(failure);
                } else {
                    call.settle(null, failure);
                }
            }
            case EXPIRED -> call.settleAtOnce(failure);
            default -> call.settle(null, failure);
        }
    }

    /** Cancels the call with this id, if it is still open. */
    void cancel(long id) {
        PendingCall<?> call = pending.find(id);
        if (call != null) {
            call.cancel(true);
        }
    }

    /** Ends a call with a failure that was found here, and tells the other side that nobody waits. */
    void giveUp(PendingCall<?> call, IpcFailure failure) {
        end(call, CallEvent.CANCELLED, phase -> failure);
        onSettled.run();
    }

    /** Cancels a call for a reason that was found on the thread that reads, where nothing of the user's may run. */
    void cancelSoon(PendingCall<?> call, String why) {
        CallbackHop.hand(callbacks, () -> {
            end(call, CallEvent.CANCELLED, phase -> new Cancelled(phase, why));
            onSettled.run();
        });
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
        for (PendingCall<?> call : pending.all(each -> outbox.places().isBehind(each, behindBytes))) {
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
        return call != null ? outbox.places().startOf(call) : outbox.places().startOfEnded(id);
    }
}
