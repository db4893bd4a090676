package dev.streamipc.dispatch;

import dev.streamipc.dispatch.DispatcherStats.Outcome;
import dev.streamipc.message.Cancelled;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.RemoteFailure;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a pool counts. Guarded by its lock. */
final class Tallies {

    final Histogram waits = new Histogram();
    final Histogram runs = new Histogram();
    final Map<RestartReason, Long> restarts = new EnumMap<>(RestartReason.class);
    private final Map<Outcome, Long> settled = new EnumMap<>(Outcome.class);
    long accepted;
    long ended;
    long requeued;

    void restarted(RestartReason reason) {
        restarts.merge(reason, 1L, Long::sum);
    }

    /** An accepted task has its outcome. */
    void settled(@Nullable Throwable failure) {
        settled.merge(outcome(failure), 1L, Long::sum);
        ended++;
    }

    /** Returns how many accepted tasks have no outcome yet. */
    long open() {
        return accepted - ended;
    }

    Map<Outcome, Long> settled() {
        return Map.copyOf(settled);
    }

    private static Outcome outcome(@Nullable Throwable failure) {
        if (failure == null) {
            return Outcome.OK;
        } else if (failure instanceof RemoteFailure) {
            return Outcome.FAILED;
        } else if (failure instanceof DeadlinePassed) {
            return Outcome.DEADLINE;
        } else if (failure instanceof Cancelled) {
            return Outcome.CANCELLED;
        } else if (failure instanceof ChildDied) {
            return Outcome.WORKER_DIED;
        }
        return failure instanceof Rejected ? Outcome.REJECTED : Outcome.OTHER;
    }
}
