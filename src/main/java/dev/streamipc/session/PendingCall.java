package dev.streamipc.session;

import dev.streamipc.message.Cancelled;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call that waits for its one outcome; it is the future that the caller holds. */
final class PendingCall<R> extends CallFuture<R> {

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<PendingCall, CallState> STATE =
            AtomicReferenceFieldUpdater.newUpdater(PendingCall.class, CallState.class, "state");

    final long id;
    final Class<?> answerType;
    final long deadlineNanos;
    final Duration limit;
    final Passage passage;
    private final Consumer<PendingCall<?>> onCancel;
    private volatile CallState state = CallState.OPEN;

    /** What a call is made of. */
    record Facts(long id, Class<?> answerType, long deadlineNanos, Duration limit) {}

    /**
     * Makes a call.
     *
     * @param onCancel ends this call as cancelled; called on the cancelling thread
     */
    PendingCall(Executor callbacks, Facts facts, Consumer<PendingCall<?>> onCancel) {
        super(callbacks);
        this.id = facts.id();
        this.answerType = facts.answerType();
        this.deadlineNanos = facts.deadlineNanos();
        this.limit = facts.limit();
        this.passage = new Passage(facts.id());
        this.onCancel = onCancel;
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

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!isDone()) {
            onCancel.accept(this);
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
