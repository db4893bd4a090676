package dev.streamipc.dispatch;

import dev.streamipc.message.Cancelled;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Phase;
import dev.streamipc.message.SessionClosed;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How tasks end, wherever they are. Guarded by the lock of the pool. */
final class TaskEnds {

    private final Consumer<? super Action> out;
    private final Fleet fleet;
    private final Tallies tallies;
    private final Waiting waiting;
    /** Who runs a task that no worker runs. */
    final Map<Task<?>, Worker> callers = new LinkedHashMap<>();

    TaskEnds(PoolParts parts, Waiting waiting) {
        this.out = parts.out();
        this.fleet = parts.fleet();
        this.tallies = parts.tallies();
        this.waiting = waiting;
    }

    /** Gives a task that was not accepted its outcome. */
    void refuse(Task<?> task, IpcFailure failure) {
        task.state = Task.State.DONE;
        out.accept(new Action.Settle(task, null, failure));
    }

    /** Gives a task that was accepted its outcome. */
    void settle(Task<?> task, @Nullable Message answer, @Nullable Throwable failure) {
        Throwable truth = task.truth(failure);
        task.state = Task.State.DONE;
        tallies.settled(truth);
        out.accept(new Action.Settle(task, answer, truth));
    }

    /** Ends a task that has no outcome yet, wherever it is. */
    void giveUp(Task<?> task, Function<Phase, IpcFailure> failure) {
        if (task.state == Task.State.QUEUED) {
            waiting.leave(task);
            settle(task, null, failure.apply(task.phase(Phase.QUEUED)));
        } else if (task.state == Task.State.ASSIGNED) {
            task.state = Task.State.DONE;
            Slot slot = fleet.holder(task);
            Worker worker = slot == null ? callers.get(task) : slot.worker;
            tallies.settled(failure.apply(Phase.SENT));
            if (worker != null) {
                out.accept(new Action.GiveUp(worker, task, failure));
            } else {
                out.accept(new Action.Settle(task, null, failure.apply(task.phase(Phase.SENT))));
            }
        }
    }

    void cancel(Task<?> task) {
        giveUp(task, phase -> new Cancelled(phase, "cancelled by the caller"));
    }

    /** Ends a task that has waited too long, and waits no more. */
    void late(Task<?> task) {
        Duration limit = Duration.ofNanos(task.queueDueNanos - task.handedInNanos);
        settle(task, null, new DeadlinePassed(task.phase(Phase.QUEUED), limit));
    }

    /** Ends tasks whose wait was too long and returns when the next one is due, {@link Long#MAX_VALUE} if none waits. */
    long expire(long nowNanos) {
        Task<?> late = waiting.late(nowNanos);
        while (late != null) {
            waiting.leave(late);
            late(late);
            late = waiting.late(nowNanos);
        }
        return waiting.nextDueNanos(nowNanos);
    }

    /** Ends all that runs. */
    void failRunning(String why) {
        for (Slot slot : List.copyOf(fleet.slots)) {
            List.copyOf(slot.outstanding).forEach(task -> close(task, why));
        }
    }

    /** Ends a task wherever it is. */
    void close(Task<?> task, String why) {
        giveUp(task, phase -> new SessionClosed(phase, SessionClosed.Who.THIS_SIDE, why));
    }
}
