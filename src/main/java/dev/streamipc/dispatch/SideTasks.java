package dev.streamipc.dispatch;

import dev.streamipc.message.IpcFailure;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tasks that found the queue full and are run by those who hand them in. Guarded by the lock of the pool. */
final class SideTasks {

    private final PoolSettings settings;
    private final Tallies tallies;
    private final PoolCore core;

    SideTasks(PoolParts parts, PoolCore core) {
        this.settings = parts.settings();
        this.tallies = parts.tallies();
        this.core = core;
    }

    /** Takes a task; returns how long it may take, null if it is refused. */
    @Nullable
    Duration take(Task<?> task, Worker caller, long nowNanos) {
        IpcFailure refusal = core.refusal(task, nowNanos);
        if (refusal != null) {
            core.ends.refuse(task, refusal);
            return null;
        }
        core.accept(task, nowNanos);
        task.state = Task.State.ASSIGNED;
        task.attempt++;
        core.ends.callers.put(task, caller);
        return settings.limitAside(task, nowNanos);
    }

    void ended(Task<?> task, Ending ending, long nowNanos) {
        core.ends.callers.remove(task);
        if (task.state == Task.State.ASSIGNED) {
            tallies.runs.add(nowNanos - task.acceptedNanos);
            core.ends.settle(task, ending.answer(), ending.failure());
        }
    }

    /** Ends all that runs. */
    void fail(String why) {
        List.copyOf(core.ends.callers.keySet()).forEach(task -> core.ends.close(task, why));
    }
}
