package dev.streamipc.dispatch;

import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All tasks that wait for a worker: for any, or for one of their own. Guarded by the lock of the pool. */
final class Waiting {

    private final TaskQueue shared = new TaskQueue();
    private final Dues dues = new Dues();
    private final KeyLines keys = new KeyLines();
    private int size;

    int size() {
        return size;
    }

    /** Has a task wait for a worker of its own, or for any if that is null. */
    void add(Task<?> task, @Nullable Slot own) {
        if (own == null) {
            shared.add(task);
            keys.add(task);
        } else {
            own.own.add(task);
        }
        size++;
        dues.add(task);
        dues.sweep(size);
    }

    /** Has all tasks of a key that wait for any worker wait for one of their own. */
    void gather(String key, Slot own) {
        Set<Task<?>> line = keys.take(key);
        if (line != null) {
            line.forEach(own.own::add);
            shared.moved(line.size());
        }
    }

    /** Takes out what is next for a worker; null if nothing waits for it. */
    @Nullable
    Task<?> next(Slot slot) {
        TaskQueue queue = takesOwn(slot) ? slot.own : shared;
        Task<?> task = slot.isOverflow && queue == shared ? null : queue.poll();
        if (task != null) {
            size--;
            task.state = Task.State.ASSIGNED;
            (queue == shared ? slot.own : shared).passedBy(task.options.priority());
            keys.remove(task);
            dues.sweep(size);
        }
        return task;
    }

    /** Of the two queues the one whose first has waited its turn, else is of a higher priority, else came before. */
    private boolean takesOwn(Slot slot) {
        Task<?> own = slot.own.peek();
        Task<?> any = slot.isOverflow ? null : shared.peek();
        if (own == null || any == null) {
            return own != null;
        }
        int higher = any.options.priority().compareTo(own.options.priority());
        boolean isOwnDue = slot.own.isOverdue();
        if (isOwnDue != shared.isOverdue()) {
            return isOwnDue;
        }
        // of two whose turn it is the lower goes first: it is none of the higher ones that pass the other
        return higher == 0 ? own.number < any.number : isOwnDue == higher < 0;
    }

    /** A task that waits has ended. */
    void leave(Task<?> task) {
        Task.Line line = task.line;
        task.line = null;
        keys.remove(task);
        size--;
        if (line != null) {
            line.ended();
        }
        dues.sweep(size);
    }

    /** Takes out all that waits for one worker. */
    void drainOwn(Slot slot, Consumer<? super Task<?>> taker) {
        slot.own.drainTo(task -> {
            size--;
            taker.accept(task);
        });
    }

    /** Takes out all that waits for any worker. */
    void drainShared(Consumer<? super Task<?>> taker) {
        keys.clear();
        shared.drainTo(task -> {
            size--;
            taker.accept(task);
        });
    }

    boolean hasShared() {
        return !shared.isEmpty();
    }

    /** Returns since when the first that waits for any worker does; null if none does. */
    @Nullable
    Long firstQueuedNanos() {
        Task<?> first = shared.peek();
        return first == null ? null : first.queuedNanos;
    }

    /** Returns a task whose wait is over, null if there is none; it still waits. */
    @Nullable
    Task<?> late(long nowNanos) {
        return dues.pollLate(nowNanos);
    }

    /** Returns how long no wait will be over, {@link Long#MAX_VALUE} if none waits. */
    long nextDueNanos(long nowNanos) {
        Task<?> next = dues.peek();
        return next == null ? Long.MAX_VALUE : Math.max(0, next.queueDueNanos - nowNanos);
    }
}
