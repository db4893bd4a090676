package dev.streamipc.callback;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A future whose dependents never run on the thread that completes it: they go to the callback executor. A thread that
 * waits in {@code join} is woken directly, without that hop.
 *
 * <p>Dependents of an already completed future run at once on the calling thread, as in the JDK. Futures of {@code
 * allOf} and {@code anyOf} are the JDK's own; where one hangs on to a call, the callback executor completes that call. One
 * that is made in the very moment in which the call completes may see its dependents run on the thread that reads.
 *
 * @param <T> the type of the outcome
 */
public class CallFuture<T> extends CompletableFuture<T> {

    private static final AtomicIntegerFieldUpdater<CallFuture<?>> KNOWN = known();

    private final Callbacks callbacks;
    /** Waiters and dependents that came through here, and so may be completed by any thread. */
    private volatile int known;

    /**
     * Makes a future that is open.
     *
     * @param callbacks where its dependents run
     */
    public CallFuture(Callbacks callbacks) {
        this.callbacks = callbacks;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static AtomicIntegerFieldUpdater<CallFuture<?>> known() {
        return (AtomicIntegerFieldUpdater) AtomicIntegerFieldUpdater.newUpdater(CallFuture.class, "known");
    }

    /**
     * Completes this future, on this thread if that runs none of the user's code. {@code allOf} and its like hang on to a
     * future past the overridden methods; if such a one is there, the callback executor completes it.
     *
     * @param value the outcome
     * @param failure null for success
     */
    public void settle(@Nullable T value, @Nullable Throwable failure) {
        if (getNumberOfDependents() <= known) {
            settleHere(value, failure);
        } else {
            CallbackHop.hand(callbacks, () -> settleHere(value, failure));
        }
    }

    /**
     * Completes this future on this thread, past what is overridden for a completion by the caller.
     *
     * @param value the outcome
     * @param failure null for success
     */
    public final void settleHere(@Nullable T value, @Nullable Throwable failure) {
        if (failure == null) {
            super.complete(value);
        } else {
            super.completeExceptionally(failure);
        }
    }

    /**
     * Has something done in the moment of the outcome, on the thread that brings it, which may be one that reads: for those who
     * neither block nor send there, nor run the user's code.
     *
     * @param step takes the value, or the failure; throws nothing
     */
    public final void whenSettled(BiConsumer<? super T, ? super Throwable> step) {
        KNOWN.incrementAndGet(this);
        super.whenComplete(step);
    }

    private Executor executor() {
        KNOWN.incrementAndGet(this);
        return isDone() ? Runnable::run : callbacks.executor();
    }

    @Override
    public T join() {
        if (isDone()) {
            return super.join();
        }
        KNOWN.incrementAndGet(this);
        try {
            return super.join();
        } finally {
            KNOWN.decrementAndGet(this);
        }
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        if (isDone()) {
            return super.get();
        }
        KNOWN.incrementAndGet(this);
        try {
            return super.get();
        } finally {
            KNOWN.decrementAndGet(this);
        }
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (isDone()) {
            return super.get(timeout, unit);
        }
        KNOWN.incrementAndGet(this);
        try {
            return super.get(timeout, unit);
        } finally {
            KNOWN.decrementAndGet(this);
        }
    }

    @Override
    public Executor defaultExecutor() {
        return callbacks.executor();
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        // also of a composed or copied call, which the thread that reads completes
        return new CallFuture<>(callbacks);
    }

    @Override
    public <U> CompletableFuture<U> thenApply(Function<? super T, ? extends U> step) {
        return thenApplyAsync(step, executor());
    }

    @Override
    public CompletableFuture<Void> thenAccept(Consumer<? super T> step) {
        return thenAcceptAsync(step, executor());
    }

    @Override
    public CompletableFuture<Void> thenRun(Runnable step) {
        return thenRunAsync(step, executor());
    }

    @Override
    public <U, V> CompletableFuture<V> thenCombine(
            CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> step) {
        return thenCombineAsync(other, step, executor());
    }

    @Override
    public <U> CompletableFuture<Void> thenAcceptBoth(
            CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> step) {
        return thenAcceptBothAsync(other, step, executor());
    }

    @Override
    public CompletableFuture<Void> runAfterBoth(CompletionStage<?> other, Runnable step) {
        return runAfterBothAsync(other, step, executor());
    }

    @Override
    public <U> CompletableFuture<U> applyToEither(CompletionStage<? extends T> other, Function<? super T, U> step) {
        return applyToEitherAsync(other, step, executor());
    }

    @Override
    public CompletableFuture<Void> acceptEither(CompletionStage<? extends T> other, Consumer<? super T> step) {
        return acceptEitherAsync(other, step, executor());
    }

    @Override
    public CompletableFuture<Void> runAfterEither(CompletionStage<?> other, Runnable step) {
        return runAfterEitherAsync(other, step, executor());
    }

    @Override
    public <U> CompletableFuture<U> thenCompose(Function<? super T, ? extends CompletionStage<U>> step) {
        return thenComposeAsync(step, executor());
    }

    @Override
    public <U> CompletableFuture<U> handle(BiFunction<? super T, Throwable, ? extends U> step) {
        return handleAsync(step, executor());
    }

    @Override
    public CompletableFuture<T> whenComplete(BiConsumer<? super T, ? super Throwable> step) {
        return whenCompleteAsync(step, executor());
    }

    @Override
    public CompletableFuture<T> exceptionally(Function<Throwable, ? extends T> step) {
        return exceptionallyAsync(step, executor());
    }

    @Override
    public CompletableFuture<T> exceptionallyCompose(Function<Throwable, ? extends CompletionStage<T>> step) {
        return exceptionallyComposeAsync(step, executor());
    }
}
