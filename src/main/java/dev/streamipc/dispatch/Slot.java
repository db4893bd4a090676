package dev.streamipc.dispatch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The place of one worker in the pool, through all its lives. Guarded by the lock of the pool. */
final class Slot {

    final String name;
    /** What was given to the worker and has not come back, in the order in which it runs them. */
    final Deque<Task<?>> outstanding = new ArrayDeque<>();
    /** What waits for this worker alone. */
    final TaskQueue own = new TaskQueue();
    /** What is to be sent to the worker, by whoever comes to it first. */
    final InOrder<Sending> sends = new InOrder<>();
    /** What the event of the moment has for the worker; null if nothing yet. */
    @Nullable
    Sending nextSending;
    /** There for nested tasks alone, and gone when it has run one. */
    final boolean isOverflow;

    WorkerState state = WorkerState.STARTING;

    @Nullable
    Worker worker;
    /** The process of this life; empty if there is none, or not yet. */
    OptionalLong pid = OptionalLong.empty();
    /** Counts starts. */
    long life;

    boolean hasTripped;
    boolean isDraining;
    /** The worker has ended, or is about to; what becomes of the slot is seen when it is gone. */
    boolean isLost;
    /** A life has ended, and the next has not begun. */
    boolean isGone;
    /** It has taken no more, until something comes back from it. */
    boolean isCrowded;
    /** A task was given up that it may still run. */
    boolean isLate;

    long graceDueNanos;
    String lateTask = "";
    /** Since when the first of the outstanding can have been run. */
    long headNanos;

    long startedNanos;
    long readyNanos;
    long lastUsedNanos;
    long settledInLife;
    long settled;
    long tasksLimit = Long.MAX_VALUE;
    long ageLimitNanos = Long.MAX_VALUE;
    long residentBytes = -1;

    @Nullable
    Throwable lastFailure;

    Slot(String name, boolean isOverflow) {
        this.name = name;
        this.isOverflow = isOverflow;
    }

    boolean isReady() {
        return state == WorkerState.IDLE || state == WorkerState.BUSY;
    }

    /** Returns whether it has come down far enough to be given several at once: each time costs a thread switch. */
    boolean isLow(int prefetch) {
        return outstanding.size() <= prefetch / 2;
    }

    /** Returns whether it may be given one more. */
    boolean takes(int prefetch) {
        return isReady() && !isLate && !isLost && !isCrowded && outstanding.size() < prefetch;
    }

    boolean isIdle() {
        return state == WorkerState.IDLE && own.isEmpty();
    }

    /** Sets the state that its work gives it; one that has ended, which is not yet told, is not idle. */
    void rest() {
        if (isReady()) {
            state = outstanding.isEmpty() && !isLate && !isLost ? WorkerState.IDLE : WorkerState.BUSY;
        }
    }

    /** Returns whether the first of the outstanding has begun for certain. */
    boolean hasHeadBegun() {
        Task<?> head = outstanding.peek();
        return head != null && worker != null && worker.hasBegun(head);
    }

    WorkerSnapshot snapshot(long nowNanos) {
        return new WorkerSnapshot(
                name,
                state,
                pid,
                outstanding.size(),
                Optional.ofNullable(outstanding.peek()).map(Task::label),
                settled,
                life,
                Duration.ofNanos(isReady() ? nowNanos - readyNanos : 0),
                residentBytes < 0 ? OptionalLong.empty() : OptionalLong.of(residentBytes),
                Optional.ofNullable(lastFailure));
    }
}
