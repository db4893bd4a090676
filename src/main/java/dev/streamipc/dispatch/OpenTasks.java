package dev.streamipc.dispatch;

import dev.streamipc.callback.CallFuture;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/** The tasks of an executor that have no outcome yet, those included that are just being handed in. For all threads. */
final class OpenTasks {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Object, CompletableFuture<?>> open = new HashMap<>();
    private int starting;
    private boolean isShutdown;
    private boolean isStopped;

    /**
     * A task is about to be handed in.
     *
     * @throws RejectedExecutionException if none is taken any more
     */
    void enter(Object task) {
        lock.lock();
        try {
            if (isShutdown) {
                throw new RejectedExecutionException("the executor was shut down: task=" + task);
            }
            starting++;
        } finally {
            lock.unlock();
        }
    }

    /** It could not be handed in. */
    void leave() {
        lock.lock();
        try {
            starting--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** It was handed in; ends it if all were to be ended meanwhile. */
    void entered(CompletableFuture<?> call) {
        Object ticket = new Object();
        boolean isLate;
        lock.lock();
        try {
            starting--;
            open.put(ticket, call);
            isLate = isStopped;
        } finally {
            lock.unlock();
        }
        onEnd(call, (value, failure) -> over(ticket));
        if (isLate) {
            call.cancel(true);
        }
    }

    private void over(Object ticket) {
        lock.lock();
        try {
            open.remove(ticket);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Has something short done at the outcome; with futures of ours on no executor of the user's, who may wait on it. */
    static <T> void onEnd(CompletableFuture<T> call, BiConsumer<? super T, ? super Throwable> step) {
        if (call instanceof CallFuture<T> ours) {
            ours.whenSettled(step);
        } else {
            call.whenComplete(step);
        }
    }

    void shutdown() {
        lock.lock();
        try {
            isShutdown = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more, and returns those that are to be cancelled. */
    List<CompletableFuture<?>> stop() {
        lock.lock();
        try {
            isShutdown = true;
            isStopped = true;
            changed.signalAll();
            return List.copyOf(open.values());
        } finally {
            lock.unlock();
        }
    }

    boolean isShutdown() {
        lock.lock();
        try {
            return isShutdown;
        } finally {
            lock.unlock();
        }
    }

    boolean isTerminated() {
        lock.lock();
        try {
            return isShutdown && starting == 0 && open.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    boolean awaitTermination(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (!isTerminated()) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
