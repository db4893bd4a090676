package dev.streamipc.dispatch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A dispatcher as an executor of {@link RemoteTask}s. For all threads. */
final class TaskExecutor extends AbstractExecutorService {

    private final Dispatcher dispatcher;
    private final Map<Object, CompletableFuture<?>> open = new ConcurrentHashMap<>();
    private volatile boolean isShutdown;

    TaskExecutor(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    private <T> CompletableFuture<T> start(Object given) {
        Object task = given instanceof RemoteTask.Unasked unasked ? unasked.task() : given;
        if (!(task instanceof RemoteTask<?> remote)) {
            throw new RejectedExecutionException(
                    "code does not travel to a worker: task=" + task.getClass().getName() + "; give a RemoteTask");
        } else if (isShutdown) {
            throw new RejectedExecutionException("the executor was shut down: task=" + task);
        }
        @SuppressWarnings("unchecked") // a task of this type is what the caller's signature says
        CompletableFuture<T> call = (CompletableFuture<T>) remote.startOn(dispatcher);
        Object ticket = new Object();
        open.put(ticket, call);
        call.whenComplete((value, failure) -> open.remove(ticket));
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
        return start(task).thenApply(value -> result);
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
            CompletableFuture<?>[] ends = calls.stream()
                    .map(call -> call.handle((value, failure) -> failure == null && first.complete(value)))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(ends).thenRun(() -> first.completeExceptionally(failureOf(calls.get(0))));
            return first.get(timeout, unit);
        } finally {
            calls.forEach(call -> call.cancel(true));
        }
    }

    private static Throwable failureOf(CompletableFuture<?> call) {
        Throwable failure = call.handle((value, thrown) -> thrown).join();
        return failure == null ? new CancellationException("no task has an outcome") : failure;
    }

    @Override
    public void shutdown() {
        isShutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        isShutdown = true;
        open.values().forEach(call -> call.cancel(true));
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return isShutdown;
    }

    @Override
    public boolean isTerminated() {
        return isShutdown && open.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        long endNanos = System.nanoTime() + Math.min(unit.toNanos(timeout), Long.MAX_VALUE / 2);
        for (CompletableFuture<?> call : List.copyOf(open.values())) {
            awaitDone(call, endNanos - System.nanoTime());
        }
        return isTerminated();
    }
}
