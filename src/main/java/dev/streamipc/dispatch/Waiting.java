package dev.streamipc.dispatch;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All tasks that wait for a worker: for any, or for one of their own. Guarded by the lock of the pool. */
final class Waiting {

    private final TaskQueue shared = new TaskQueue();
    private final Dues dues = new Dues();
    private int size;

    int size() {
        return size;
    }

    /** Has a task wait for a worker of its own, or for any if that is null. */
    void addLast(Task<?> task, @Nullable Slot own) {
        (own == null ? shared : own.own).addLast(task);
        added(task);
    }

    /** Has a task that has waited before wait for any worker. */
    void addFirst(Task<?> task) {
        shared.addFirst(task);
        added(task);
    }

    private void added(Task<?> task) {
        size++;
        dues.add(task);
        dues.sweep(size);
    }

    /** Takes out what is next for a worker; null if nothing waits for it. */
    @Nullable
    Task<?> next(Slot slot) {
        TaskQueue queue = takesOwn(slot) ? slot.own : shared;
        Task<?> task = slot.isOverflow && queue == shared ? null : queue.poll();
        if (task != null) {
            size--;
            task.state = Task.State.ASSIGNED;
            dues.sweep(size);
        }
        return task;
    }

    /** Of the two queues the one whose first is of a higher priority, or came before; neither starves the other. */
    private boolean takesOwn(Slot slot) {
        Task<?> own = slot.own.peek();
        Task<?> any = slot.isOverflow ? null : shared.peek();
        if (own == null || any == null) {
            return own != null;
        }
        int higher = any.options.priority().compareTo(own.options.priority());
        boolean isOwnFirst = higher > 0 || higher == 0 && own.acceptedNanos - any.acceptedNanos <= 0;
        boolean takesOwn = isOwnFirst ? slot.passedShared < Priority.MAX_PASSED : slot.passedOwn >= Priority.MAX_PASSED;
        slot.passedShared = takesOwn ? slot.passedShared + 1 : 0;
        slot.passedOwn = takesOwn ? 0 : slot.passedOwn + 1;
        return takesOwn;
    }

    /** A task that waits has ended. */
    void leave(Task<?> task) {
        Task.Line line = task.line;
        task.line = null;
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
