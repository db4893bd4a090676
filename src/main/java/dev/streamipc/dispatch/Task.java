package dev.streamipc.dispatch;

import dev.streamipc.callback.Callbacks;
import dev.streamipc.callback.CancellableCall;
import dev.streamipc.message.Cancelled;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Request;
import dev.streamipc.session.ProgressPublisher;
import dev.streamipc.session.ProgressRelay;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A task that waits for its one outcome; it is the future that the caller holds. */
final class Task<R> extends CancellableCall<R> {

    /** Stands where the call on the worker would, once the task was given up before it was sent. */
    private static final CompletableFuture<Object> GIVEN_UP = new CompletableFuture<>();
    /** Stands there while the task is being sent: then nobody knows how far it has come. */
    static final CompletableFuture<Object> BEING_SENT = new CompletableFuture<>();

    /** Where a task stands. */
    enum State {
        NEW,
        QUEUED,
        ASSIGNED,
        DONE
    }

    /** Where tasks wait. */
    interface Line {

        /** A task that waits here has ended. */
        void ended();
    }

    final Request<?> request;
    final TaskOptions options;
    final boolean isNested;
    private final Function<? super Message, ? extends R> result;
    private final Consumer<? super Task<?>> onGivenUp;

    /** What follows is guarded by the lock of the pool. */
    State state = State.NEW;

    @Nullable
    Line line;

    int attempt;
    /** Touched by whoever sends it, one at a time. */
    private volatile @Nullable String madeKey;

    int workersEnded;
    /** What ended a worker that may have begun it; null if none has. */
    @Nullable
    IpcFailure begunBefore;

    /** Of those that the pool has accepted, in their order. */
    long number;

    long handedInNanos;
    long acceptedNanos;
    long queuedNanos;
    /** When its wait for a worker is over, or the whole task; {@link Long#MAX_VALUE} away if never. */
    long queueDueNanos;

    long totalDueNanos;

    /** Null if nobody listens. */
    private volatile @Nullable ProgressRelay progress;

    private final AtomicReference<@Nullable CompletableFuture<?>> onWorker = new AtomicReference<>();

    /**
     * What a task is made of.
     *
     * @param result makes the outcome of the worker's answer
     * @param isNested whether a task of the same pool asks for it
     */
    record Facts<R>(
            Request<?> request, TaskOptions options, Function<? super Message, ? extends R> result, boolean isNested) {}

    /**
     * Makes a task.
     *
     * @param onGivenUp ends this task as cancelled; called on the thread that cancels or completes the future
     */
    Task(Callbacks callbacks, Facts<R> facts, Consumer<? super Task<?>> onGivenUp) {
        super(callbacks);
        this.request = facts.request();
        this.options = facts.options();
        this.result = facts.result();
        this.isNested = facts.isNested();
        this.onGivenUp = onGivenUp;
    }

    /** Returns what all its attempts have in common, for the handler; null for a task of one attempt without a key. */
    @Nullable
    String stableKey() {
        String key = options.key();
        if (key == null && options.attempts() > 1) {
            if (madeKey == null) {
                madeKey = UUID.randomUUID().toString();
            }
            return madeKey;
        }
        return key;
    }

    /** Returns what people call it. */
    String label() {
        return TaskLabel.of(request);
    }

    /** Gives the caller the worker's answer, or why there is none. */
    void settleWith(@Nullable Message answer, @Nullable Throwable failure) {
        if (failure instanceof Cancelled) {
            stopProgress(failure);
            // the caller is on this thread, and is to find the future done
            settleHere(null, failure);
        } else if (failure != null || answer == null) {
            settle(null, failure);
        } else {
            settleWith(answer);
        }
    }

    private void settleWith(Message answer) {
        R value;
        try {
            value = result.apply(answer);
        } catch (RuntimeException | Error unfit) {
            settle(null, unfit);
            return;
        }
        settle(value, null);
    }

    /** A task whose progress somebody hears completes behind the last update, unless its time is up. */
    @Override
    public void settle(@Nullable R value, @Nullable Throwable failure) {
        ProgressRelay told = progress;
        if (told == null || failure instanceof DeadlinePassed) {
            stopProgress(failure);
            super.settle(value, failure);
        } else {
            told.end(failure, () -> super.settle(value, failure));
        }
    }

    private void stopProgress(@Nullable Throwable failure) {
        ProgressRelay told = progress;
        if (told != null) {
            told.stop(failure);
        }
    }

    /**
     * From now on somebody may listen to its progress.
     *
     * @throws IllegalStateException if the publisher has a call already
     */
    void beginProgress(Callbacks callbacks) {
        Supplier<? extends ProgressPublisher<?>> listener = options.call().progress();
        if (listener != null) {
            progress = ProgressRelay.of(listener.get(), callbacks);
        }
    }

    /** Returns what an attempt tells of its progress; null if nobody listens. */
    @Nullable
    Supplier<ProgressPublisher<?>> attemptProgress(Duration limit) {
        ProgressRelay told = progress;
        return told == null ? null : told.attempt(limit);
    }

    /** It is about to be sent; returns false if it was given up before, and is not to be. */
    boolean mayBeSent() {
        return onWorker.compareAndSet(null, BEING_SENT);
    }

    /** It was sent; returns false if it was given up meanwhile. */
    boolean sent(CompletableFuture<?> call) {
        return onWorker.compareAndSet(BEING_SENT, call) || onWorker.compareAndSet(null, call);
    }

    /** It goes to another worker. */
    void leavesWorker() {
        onWorker.updateAndGet(call -> call == GIVEN_UP ? call : null);
    }

    /** Returns the call on the worker or {@link #BEING_SENT}, null if it was not sent; from now on it is not. */
    @Nullable
    CompletableFuture<?> giveUp() {
        CompletableFuture<?> call = onWorker.getAndSet(GIVEN_UP);
        return call == GIVEN_UP ? null : call;
    }

    /** Returns the call on the worker, null if there is none. */
    @Nullable
    CompletableFuture<?> call() {
        CompletableFuture<?> call = onWorker.get();
        return call == GIVEN_UP ? null : call;
    }

    /** Returns how far it has come, told how far on its last worker: one before may have begun it. */
    Phase phase(Phase onLast) {
        IpcFailure before = begunBefore;
        if (before != null && before.certainty() == Certainty.EXECUTED) {
            return Phase.RUNNING;
        }
        return before != null && onLast == Phase.QUEUED ? Phase.SENT : onLast;
    }

    /** Returns the failure, or what ended the worker that may have begun it where that would say that it was never begun. */
    @Nullable
    Throwable truth(@Nullable Throwable failure) {
        IpcFailure before = begunBefore;
        if (before == null || !(failure instanceof IpcFailure ipc) || ipc.certainty() != Certainty.NOT_EXECUTED) {
            return failure;
        }
        before.addSuppressed(ipc);
        return before;
    }

    @Override
    public boolean hasBegun() {
        return call() instanceof CancellableCall<?> call && call.hasBegun();
    }

    @Override
    protected void cancelled() {
        onGivenUp.accept(this);
        ProgressRelay told = progress;
        if (told != null) {
            // an answer that is here, behind updates that nobody takes
            told.settleNow();
        }
    }

    @Override
    protected void completing() {
        // nothing is lent to a task
    }

    @Override
    protected void completedByCaller(@Nullable Throwable failure) {
        stopProgress(failure);
        onGivenUp.accept(this);
    }
}
