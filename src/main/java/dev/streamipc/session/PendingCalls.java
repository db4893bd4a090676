package dev.streamipc.session;

import dev.streamipc.frame.Landing;
import dev.streamipc.frame.LandingPlaces;
import dev.streamipc.message.CallInFlight;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a session that wait for their outcome, by id, and whether more are taken. Who decides an outcome is not
 * settled here but by the state of the call.
 */
final class PendingCalls implements LandingPlaces {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fewer = lock.newCondition();
    private final LongTable<PendingCall<?>> table = new LongTable<>();
    private final int maxCalls;
    private @Nullable Function<Phase, IpcFailure> closedBy;
    /** Set under the lock; who looks behind its end sees it. */
    private final AtomicInteger size = new AtomicInteger();

    private int waiting;

    PendingCalls(int maxCalls) {
        this.maxCalls = maxCalls;
    }

    /** Takes a call in, or says why not. */
    @Nullable
    IpcFailure register(PendingCall<?> call) {
        lock.lock();
        try {
            if (closedBy != null) {
                return closedBy.apply(Phase.QUEUED);
            }
            if (table.size() >= maxCalls) {
                return new Rejected(
                        Rejected.Reason.QUEUE_FULL,
                        "callsInFlight=" + table.size() + ", maxCalls=" + maxCalls
                                + "; wait for answers before asking on");
            }
            if (!table.add(call.id, call)) {
                return new Rejected(
                        Rejected.Reason.DUPLICATE_ID,
                        "requestId=" + Long.toHexString(call.id) + "; the generator repeats an id that is in flight");
            }
            size.lazySet(table.size());
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the call with this id and leaves it here. */
    @Nullable
    PendingCall<?> find(long id) {
        lock.lock();
        try {
            return table.get(id);
        } finally {
            lock.unlock();
        }
    }

    /** Gives the memory that the caller supplied. */
    @Override
    public @Nullable Landing of(long id, int bytes) {
        PendingCall<?> call = find(id);
        return call == null || call.landing == null ? null : call.landing.take(bytes);
    }

    /** Removes the call with this id; null if there is none, so that it has its outcome already. */
    @Nullable
    PendingCall<?> remove(long id) {
        lock.lock();
        try {
            PendingCall<?> call = table.remove(id);
            removed();
            return call;
        } finally {
            lock.unlock();
        }
    }

    /** Removes this call if it is here. Another call with its id stays. */
    void remove(PendingCall<?> call) {
        lock.lock();
        try {
            if (table.get(call.id) == call) {
                table.remove(call.id);
                removed();
            }
        } finally {
            lock.unlock();
        }
    }

    private void removed() {
        size.lazySet(table.size());
        if (waiting > 0) {
            fewer.signal();
        }
    }

    /** Gives memory back that nothing has needed for a while. */
    void rest() {
        lock.lock();
        try {
            table.rest();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until one more call may be taken in, or none ever is. */
    RoomWaits.End awaitFewer(long nanos) throws InterruptedException {
        lock.lock();
        waiting++;
        try {
            long left = nanos;
            while (closedBy == null && table.size() >= maxCalls && left > 0) {
                left = fewer.awaitNanos(left);
            }
            if (closedBy != null) {
                return RoomWaits.End.OVER;
            }
            return table.size() < maxCalls ? RoomWaits.End.ROOM : RoomWaits.End.TIME_UP;
        } finally {
            waiting--;
            if (table.size() < maxCalls) {
                // who got the signal may be the one that gave up
                fewer.signal();
            }
            lock.unlock();
        }
    }

    /** Returns the calls that a condition holds for, and leaves them here. */
    List<PendingCall<?>> all(Predicate<PendingCall<?>> condition) {
        lock.lock();
        try {
            List<PendingCall<?>> found = new ArrayList<>();
            table.forEach(call -> {
                if (condition.test(call)) {
                    found.add(call);
                }
            });
            return found;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses all calls from now on, with the same verdict: the first that is given. */
    void refuse(Function<Phase, IpcFailure> verdict) {
        lock.lock();
        try {
            if (closedBy == null) {
                closedBy = verdict;
            }
            fewer.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns why calls are refused, null while they are not. */
    @Nullable
    IpcFailure closedBy(Phase phase) {
        lock.lock();
        try {
            return closedBy == null ? null : closedBy.apply(phase);
        } finally {
            lock.unlock();
        }
    }

    /** Returns the earliest deadline of all calls here, or {@link Long#MAX_VALUE} after {@code now} if there is none. */
    long nanosToNextDeadline(long now) {
        long[] least = {Long.MAX_VALUE};
        lock.lock();
        try {
            table.forEach(call -> least[0] = Math.min(least[0], call.deadlineNanos - now));
        } finally {
            lock.unlock();
        }
        return least[0];
    }

    int size() {
        return size.get();
    }

    /** Returns the only call here, for texts; empty if there is none, or more than one. */
    Optional<CallInFlight> only() {
        List<PendingCall<?>> here = size() == 1 ? all(each -> true) : List.of();
        return here.size() == 1
                ? Optional.of(
                        new CallInFlight(here.get(0).id, here.get(0).requestType.getSimpleName()))
                : Optional.empty();
    }
}
