package dev.streamipc.dispatch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A dispatcher as an executor of {@link RemoteTask}s. For all threads. */
final class TaskExecutor extends AbstractExecutorService {

    private final Dispatcher dispatcher;
    private final OpenTasks open = new OpenTasks();

    TaskExecutor(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    private <T> CompletableFuture<T> start(Object given) {
        Objects.requireNonNull(given, "task");
        Object task = given instanceof RemoteTask.Unasked unasked ? unasked.task() : given;
        if (!(task instanceof RemoteTask<?> remote)) {
            throw new RejectedExecutionException(
                    "code does not travel to a worker: task=" + task.getClass().getName() + "; give a RemoteTask");
        }
        open.enter(task);
        CompletableFuture<T> call;
        try {
            @SuppressWarnings("unchecked") // a task of this type is what the caller's signature says
            CompletableFuture<T> started = (CompletableFuture<T>) remote.startOn(dispatcher);
            call = started;
        } catch (RuntimeException | Error failure) {
            open.leave();
            throw failure;
        }
        open.entered(call);
        return call;
    }

    @Override
    public void execute(Runnable task) {
        start(task);
    }

    @Override
    public Future<?> submit(Runnable task) {
        return start(task);
    }

    @Override
    public <T> Future<T> submit(Runnable task, T result) {
        return new TaskResult<>(start(task), result);
    }

    @Override
    public <T> Future<T> submit(Callable<T> task) {
        return start(task);
    }

    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) throws InterruptedException {
        return invokeAll(tasks, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }

    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException {
        List<Future<T>> calls = new ArrayList<>();
        long endNanos = System.nanoTime() + Math.min(unit.toNanos(timeout), Long.MAX_VALUE / 2);
        try {
            for (Callable<T> task : tasks) {
                calls.add(start(task));
            }
            for (Future<T> call : calls) {
                awaitDone(call, endNanos - System.nanoTime());
            }
        } finally {
            calls.forEach(call -> call.cancel(true));
        }
        return calls;
    }

    private static void awaitDone(Future<?> call, long leftNanos) throws InterruptedException {
        try {
            call.get(Math.max(0, leftNanos), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | CancellationException | TimeoutException ended) {
            // the caller finds it in the future
        }
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks) throws InterruptedException, ExecutionException {
        try {
            return invokeAny(tasks, Long.MAX_VALUE / 2, TimeUnit.NANOSECONDS);
        } catch (TimeoutException never) {
            throw new ExecutionException(never);
        }
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("no tasks were given");
        }
        CompletableFuture<T> first = new CompletableFuture<>();
        List<CompletableFuture<T>> calls = new ArrayList<>();
        try {
            for (Callable<T> task : tasks) {
                calls.add(start(task));
            }
            AtomicInteger left = new AtomicInteger(calls.size());
            calls.forEach(call -> OpenTasks.onEnd(call, (value, failure) -> {
                if (failure == null) {
                    first.complete(value);
                } else if (left.decrementAndGet() == 0) {
                    first.completeExceptionally(new ExecutionException(failure));
                }
            }));
            return first.get(timeout, unit);
        } catch (ExecutionException allFailed) {
            throw allFailed.getCause() instanceof ExecutionException last ? last : allFailed;
        } finally {
            calls.forEach(call -> call.cancel(true));
        }
    }

    @Override
    public void shutdown() {
        open.shutdown();
    }

    /** Cancels what has no outcome yet; nothing of it waits here, so that none is returned. */
    @Override
    public List<Runnable> shutdownNow() {
        open.stop().forEach(call -> call.cancel(true));
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return open.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return open.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return open.awaitTermination(unit.toNanos(timeout));
    }
}
