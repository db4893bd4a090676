package dev.streamipc.session;

import dev.streamipc.message.Cancelled;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A call that waits for its one outcome; it is the future that the caller holds. */
final class PendingCall<R> extends CallFuture<R> {

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<PendingCall, CallState> STATE =
            AtomicReferenceFieldUpdater.newUpdater(PendingCall.class, CallState.class, "state");

    final long id;
    final Class<?> requestType;
    final long deadlineNanos;
    final Duration limit;
    final Passage passage;
    final @Nullable ProgressPublisher<?> progress;
    final @Nullable LandingPlace landing;
    final @Nullable PartFlows flows;
    final @Nullable Attempt attempt;
    private final Consumer<PendingCall<?>> onCancel;
    private volatile CallState state = CallState.OPEN;

    /** What a call is made of. */
    record Facts(
            long id,
            Class<?> requestType,
            long deadlineNanos,
            Duration limit,
            @Nullable ProgressPublisher<?> progress,
            @Nullable PartFlows flows,
            @Nullable LandingPlace landing,
            @Nullable Attempt attempt) {}

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
        this.passage = Passage.ofCall(facts.id());
        this.progress = facts.progress();
        this.landing = facts.landing();
        this.flows = facts.flows();
        this.attempt = facts.attempt();
        this.onCancel = onCancel;
    }

    Class<?> answerType() {
        return flows != null && flows.in() != null ? StreamEnd.class : AnswerTypes.of(requestType);
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
    void settle(@Nullable R value, @Nullable Throwable failure) {
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

    /** The caller has completed the future by its own hand, so that nobody waits for the answer. */
    private boolean abandoned(boolean isFirst, @Nullable Throwable failure) {
        if (isFirst) {
            stopProgress(failure);
            onCancel.accept(this);
        }
        return isFirst;
    }

    @Override
    public boolean complete(@Nullable R value) {
        endLanding();
        return abandoned(super.complete(value), null);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        endLanding();
        return abandoned(super.completeExceptionally(failure), failure);
    }

    @Override
    public void obtrudeValue(@Nullable R value) {
        endLanding();
        super.obtrudeValue(value);
        abandoned(true, null);
    }

    @Override
    public void obtrudeException(Throwable failure) {
        endLanding();
        super.obtrudeException(failure);
        abandoned(true, failure);
    }

    /** The JDK's own completes past {@link #complete}. */
    @Override
    public CompletableFuture<R> completeAsync(Supplier<? extends R> supplier, Executor executor) {
        executor.execute(() -> {
            try {
                complete(supplier.get());
            } catch (Throwable failure) {
                completeExceptionally(failure);
            }
        });
        return this;
    }

    @Override
    public CompletableFuture<R> completeAsync(Supplier<? extends R> supplier) {
        return completeAsync(supplier, defaultExecutor());
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!isDone()) {
            onCancel.accept(this);
            if (progress != null) {
                // an answer that is here, behind updates that nobody takes
                progress.settleNow();
            }
        }
        return isCancelled();
    }

    @Override
    public boolean isCancelled() {
        return super.isCancelled() || cancellation() != null;
    }

    private @Nullable Cancelled cancellation() {
        if (!isCompletedExceptionally()) {
            return null;
        }
        try {
            super.getNow(null);
            return null;
        } catch (CompletionException failed) {
            return failed.getCause() instanceof Cancelled cancelled ? cancelled : null;
        } catch (CancellationException cancelledByOther) {
            return null;
        }
    }

    @Override
    public R join() {
        try {
            return super.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof Cancelled cancelled ? asJdk(cancelled) : failed;
        }
    }

    @Override
    public R get() throws InterruptedException, ExecutionException {
        try {
            return super.get();
        } catch (ExecutionException failed) {
            throw cancelledOr(failed);
        }
    }

    @Override
    public R get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return super.get(timeout, unit);
        } catch (ExecutionException failed) {
            throw cancelledOr(failed);
        }
    }

    @Override
    public @Nullable R getNow(@Nullable R ifOpen) {
        try {
            return super.getNow(ifOpen);
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof Cancelled cancelled ? asJdk(cancelled) : failed;
        }
    }

    private static ExecutionException cancelledOr(ExecutionException failed) {
        if (failed.getCause() instanceof Cancelled cancelled) {
            throw asJdk(cancelled);
        }
        return failed;
    }

    /** The contract of Future asks for the JDK's own exception after a cancel; ours is its cause. */
    private static CancellationException asJdk(Cancelled cancelled) {
        CancellationException exception = new CancellationException(cancelled.getMessage());
        exception.initCause(cancelled);
        return exception;
    }
}
