package dev.streamipc.session;

import dev.streamipc.callback.Callbacks;
import dev.streamipc.callback.CancellableCall;
import dev.streamipc.message.Message;
import dev.streamipc.message.Undecodable;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A call that waits for its one outcome; it is the future that the caller holds. */
final class PendingCall<R> extends CancellableCall<R> implements Passage {

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<PendingCall, CallState> STATE =
            AtomicReferenceFieldUpdater.newUpdater(PendingCall.class, CallState.class, "state");

    final long id;
    final Class<?> requestType;
    final long deadlineNanos;
    final Duration limit;
    final @Nullable Attempt attempt;
    final @Nullable ProgressPublisher<?> progress;
    final @Nullable LandingPlace landing;
    final @Nullable PartFlows flows;
    private final Function<Message, @Nullable Object> value;
    private final Consumer<PendingCall<?>> onCancel;
    private volatile CallState state = CallState.OPEN;
    private long startBytes = NOT_APPENDED;
    private int lengthBytes;
    private boolean withdrawn;

    /** What a call is made of. */
    record Facts(
            long id,
            Class<?> requestType,
            long deadlineNanos,
            Duration limit,
            @Nullable Attempt attempt,
            @Nullable ProgressPublisher<?> progress,
            @Nullable PartFlows flows,
            @Nullable LandingPlace landing,
            Function<Message, @Nullable Object> value) {}

    /**
     * Makes a call.
     *
     * @param onCancel ends this call as cancelled; called on the thread that cancels or completes the future
     */
    PendingCall(Callbacks callbacks, Facts facts, Consumer<PendingCall<?>> onCancel) {
        super(callbacks);
        this.id = facts.id();
        this.requestType = facts.requestType();
        this.deadlineNanos = facts.deadlineNanos();
        this.limit = facts.limit();
        this.attempt = facts.attempt();
        this.progress = facts.progress();
        this.landing = facts.landing();
        this.flows = facts.flows();
        this.value = facts.value();
        this.onCancel = onCancel;
    }

    Class<?> answerType() {
        return flows != null && flows.in() != null ? StreamEnd.class : AnswerTypes.of(requestType);
    }

    /**
     * Returns what the caller gets of an answer of the right type.
     *
     * @throws Undecodable if it is not what the caller has asked for
     */
    @SuppressWarnings("unchecked") // who made the call has said how its answer becomes its value
    @Nullable
    R valueOf(Message answer) {
        return (R) value.apply(answer);
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public boolean isCall() {
        return true;
    }

    @Override
    public long startBytes() {
        return startBytes;
    }

    @Override
    public long endBytes() {
        return startBytes + lengthBytes;
    }

    @Override
    public void standsAt(long atBytes, int ofBytes) {
        startBytes = atBytes;
        lengthBytes = ofBytes;
    }

    @Override
    public boolean isWithdrawn() {
        return withdrawn;
    }

    @Override
    public void withdraw() {
        withdrawn = true;
    }

    /** The request is on its way. */
    void begun() {
        if (flows != null) {
            flows.begin();
        }
    }

    private void endFlows(@Nullable Throwable failure) {
        if (flows != null) {
            flows.end(failure);
        }
    }

    /** Moves this call as the rules say, by one compare-and-set; the caller does what the step asks for. */
    CallStep on(CallEvent event) {
        while (true) {
            CallState before = state;
            CallStep step = CallRules.step(before, event);
            if (step.next() == before || STATE.compareAndSet(this, before, step.next())) {
                return step;
            }
        }
    }

    /** A call whose progress somebody hears completes behind the last update. */
    @Override
    public void settle(@Nullable R value, @Nullable Throwable failure) {
        endLanding();
        endFlows(failure);
        if (progress == null) {
            super.settle(value, failure);
        } else {
            progress.end(failure, () -> super.settle(value, failure));
        }
    }

    /** Gives the caller a failure that waits for no progress. */
    void settleAtOnce(Throwable failure) {
        endLanding();
        stopProgress(failure);
        super.settle(null, failure);
    }

    /** Gives the caller, on whose thread this is, what comes of its cancel. */
    void settleCancelled(Throwable failure) {
        endLanding();
        stopProgress(failure);
        settleHere(null, failure);
    }

    /** Before the caller can see that the call has ended. */
    private void endLanding() {
        if (landing != null) {
            landing.end();
        }
    }

    private void stopProgress(@Nullable Throwable failure) {
        endFlows(failure);
        if (progress != null) {
            progress.stop(failure);
        }
    }

    @Override
    public boolean hasBegun() {
        return state == CallState.RUNNING;
    }

    @Override
    protected void completing() {
        endLanding();
    }

    @Override
    protected void completedByCaller(@Nullable Throwable failure) {
        stopProgress(failure);
        onCancel.accept(this);
    }

    @Override
    protected void cancelled() {
        onCancel.accept(this);
        if (progress != null) {
            // an answer that is here, behind updates that nobody takes
            progress.settleNow();
        }
    }
}
