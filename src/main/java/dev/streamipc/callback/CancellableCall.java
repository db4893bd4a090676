package dev.streamipc.callback;

import dev.streamipc.message.Cancelled;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The future of a call, which its caller may cancel, or complete by hand: then nobody waits for the answer. After a cancel it
 * throws the JDK's own exception with {@link Cancelled} as the cause, as the contract of a future asks for; dependents see {@code
 * Cancelled}.
 *
 * @param <R> the type of the answer
 */
public abstract class CancellableCall<R> extends CallFuture<R> {

    /**
     * Makes a call that is open.
     *
     * @param callbacks where its dependents run
     */
    protected CancellableCall(Callbacks callbacks) {
        super(callbacks);
    }

    /**
     * Returns whether the handler was entered, as far as that is known here.
     *
     * @return true from the first sign of it to the outcome
     */
    public abstract boolean hasBegun();

    /** The caller cancels: ends this call, on the calling thread, with a {@link Cancelled}, unless it has another outcome. */
    protected abstract void cancelled();

    /** The future is about to be completed by its caller's hand, perhaps. */
    protected abstract void completing();

    /**
     * The caller has completed the future by its own hand.
     *
     * @param failure with what; null for a value
     */
    protected abstract void completedByCaller(@Nullable Throwable failure);

    private boolean byCaller(boolean isFirst, @Nullable Throwable failure) {
        if (isFirst) {
            completedByCaller(failure);
        }
        return isFirst;
    }

    @Override
    public boolean complete(@Nullable R value) {
        completing();
        return byCaller(super.complete(value), null);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        completing();
        return byCaller(super.completeExceptionally(failure), failure);
    }

    @Override
    public void obtrudeValue(@Nullable R value) {
        completing();
        super.obtrudeValue(value);
        completedByCaller(null);
    }

    @Override
    public void obtrudeException(Throwable failure) {
        completing();
        super.obtrudeException(failure);
        completedByCaller(failure);
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
            cancelled();
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
