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
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a pool for tasks: who waits, who runs where, what becomes of them. No clock, no thread, no worker: every method is told the time, and
 * what is to be done goes out as actions. Guarded by the lock of the pool.
 */
final class PoolCore {

    /** What became of a task that was handed in. */
    enum Taken {
        /** It waits, runs or has its outcome. */
        YES,
        /** There is no room; nothing was done. */
        FULL
    }

    private final PoolSettings settings;
    private final Consumer<? super Action> out;
    private final LongConsumer lookWithin;
    private final Fleet fleet;
    private final Renewal renewal;
    private final Tallies tallies;
    private final Waiting waiting = new Waiting();
    private final Refusals refusals;
    private final Poison poison = new Poison();
    /** Who runs a task that no worker runs. */
    final Map<Task<?>, Worker> callers = new LinkedHashMap<>();

    private boolean isClosing;

    PoolCore(PoolParts parts, Renewal renewal) {
        this.settings = parts.settings();
        this.fleet = parts.fleet();
        this.tallies = parts.tallies();
        this.out = parts.out();
        this.renewal = renewal;
        this.lookWithin = parts.lookWithin();
        this.refusals = new Refusals(settings, fleet);
    }

    int queued() {
        return waiting.size();
    }

    boolean pardon(String key) {
        return poison.pardon(key);
    }

    Taken submit(Task<?> task, long nowNanos) {
        IpcFailure refusal = refusal(task);
        if (refusal != null) {
            refuse(task, refusal);
            return Taken.YES;
        }
        Slot slot = slotFor(task);
        boolean isNext = !waiting.hasShared();
        if (slot != null
                && isNext
                && slot.own.isEmpty()
                && slot.takes(settings.size().prefetch())) {
            accept(task, nowNanos);
            assign(slot, task, nowNanos);
            fleet.startSpares();
            return Taken.YES;
        }
        return task.isNested ? submitNested(task, nowNanos) : enqueue(task, slot, nowNanos);
    }

    private Taken submitNested(Task<?> task, long nowNanos) {
        if (!fleet.mayOverflow()) {
            refuse(task, refusals.nested());
            return Taken.YES;
        }
        accept(task, nowNanos);
        await(task, fleet.add(true), nowNanos);
        return Taken.YES;
    }

    private Taken enqueue(Task<?> task, @Nullable Slot slot, long nowNanos) {
        if (waiting.size() >= settings.queueing().capacity()) {
            return Taken.FULL;
        }
        accept(task, nowNanos);
        await(task, task.options.key() == null ? null : slot, nowNanos);
        return Taken.YES;
    }

    private void await(Task<?> task, @Nullable Slot own, long nowNanos) {
        waiting.addLast(task, own);
        watch(task, nowNanos);
    }

    private void watch(Task<?> task, long nowNanos) {
        lookWithin.accept(task.queueDueNanos - nowNanos);
        if (fleet.size() < settings.size().max()) {
            lookWithin.accept(settings.queueing().growAfterNanos());
        }
    }

    /** Returns why a task is not taken; null if it is. */
    @Nullable
    IpcFailure refusal(Task<?> task) {
        String key = task.options.key();
        if (isClosing) {
            return refusals.closing();
        } else if (key != null && poison.isPoisoned(key)) {
            return refusals.poisoned(key);
        }
        return closedDoor();
    }

    /** Returns why nothing is taken from anybody for now; null if that is not so. */
    private @Nullable IpcFailure closedDoor() {
        if (fleet.isCrowded()) {
            return refusals.crowded();
        }
        return fleet.isTripped() ? refusals.tripped() : null;
    }

    /** Returns who gets a task: who has its key, else who is next; null if none can be named yet. */
    private @Nullable Slot slotFor(Task<?> task) {
        Slot kept = task.isNested ? null : fleet.ofKey(task.options.key());
        if (kept != null && kept.isReady() && !kept.isDraining) {
            return kept;
        }
        return fleet.choose();
    }

    void refuse(Task<?> task, IpcFailure failure) {
        task.state = Task.State.DONE;
        out.accept(new Action.Settle(task, null, failure));
    }

    void accept(Task<?> task, long nowNanos) {
        tallies.accepted++;
        task.acceptedNanos = nowNanos;
        task.totalDueNanos = task.handedInNanos + settings.totalNanos(task);
        settings.waitsFrom(task, task.handedInNanos);
        task.queuedNanos = nowNanos;
    }

    /** Gives all workers what they have room for. */
    void offer(long nowNanos) {
        for (Slot slot : List.copyOf(fleet.slots)) {
            if (waiting.hasShared()) {
                fill(slot, nowNanos);
            }
        }
    }

    /** Ends a worker by force, for good. */
    void kill(Slot slot) {
        Worker worker = slot.worker;
        if (worker != null) {
            out.accept(new Action.Kill(worker));
        }
        fleet.remove(slot);
    }

    /** Gives a worker what it has room for. */
    void fill(Slot slot, long nowNanos) {
        while (slot.takes(settings.size().prefetch()) && !slot.isDraining) {
            Task<?> task = waiting.next(slot);
            if (task == null) {
                break;
            }
            assign(slot, task, nowNanos);
        }
        slot.rest();
        if (slot.isIdle() && !slot.isLost) {
            lookWithin.accept(settings.times().idle().toNanos());
        }
        boolean isDone = slot.isOverflow && slot.own.isEmpty() || slot.isDraining;
        if (isDone && !slot.isLost && slot.outstanding.isEmpty() && !slot.isLate) {
            fleet.remove(slot);
        }
    }

    private void assign(Slot slot, Task<?> task, long nowNanos) {
        task.state = Task.State.ASSIGNED;
        task.line = null;
        task.attempt++;
        tallies.waits.add(nowNanos - task.queuedNanos);
        slot.outstanding.add(task);
        if (slot.outstanding.peek() == task) {
            takesTurn(slot, nowNanos);
        }
        slot.rest();
        fleet.stick(task.options.key(), slot);
        Worker worker = slot.worker;
        if (worker != null) {
            out.accept(new Action.Send(slot, slot.life, worker, task, settings.limitOnWorker(task, nowNanos)));
        }
    }

    /** From now on the first of the outstanding can have been begun. */
    private void takesTurn(Slot slot, long nowNanos) {
        slot.headNanos = nowNanos;
        Task<?> head = slot.outstanding.peek();
        if (head != null && settings.size().prefetch() > 1) {
            lookWithin.accept(settings.runLimit(head).toNanos());
        }
    }

    /** A task has come back from a worker. */
    void ended(Slot slot, Task<?> task, Ending ending, long nowNanos) {
        boolean wasHead = slot.outstanding.peek() == task;
        if (!slot.outstanding.remove(task)) {
            return;
        }
        long runNanos = nowNanos - (wasHead ? slot.headNanos : nowNanos);
        if (wasHead) {
            takesTurn(slot, nowNanos);
        }
        slot.lastUsedNanos = nowNanos;
        slot.settled++;
        Verdict verdict = Verdict.of(ending.failure(), settings.size().prefetch() > 1 && ending.isHeardWhole());
        if (ending.life() == slot.life) {
            slot.settledInLife++;
            renewal.afterTask(slot);
            after(slot, task, verdict, wasHead);
        }
        if (task.state == Task.State.ASSIGNED) {
            tallies.runs.add(runNanos);
            conclude(slot, task, ending, verdict);
        }
        if (slot.isLow(settings.size().prefetch())) {
            fill(slot, nowNanos);
        }
        if (task.state == Task.State.QUEUED) {
            // what goes to another worker goes at once if one is idle
            settings.waitsFrom(task, nowNanos);
            watch(task, nowNanos);
            offer(nowNanos);
        }
    }

    private void after(Slot slot, Task<?> task, Verdict verdict, boolean wasHead) {
        slot.isCrowded = verdict.tookNothing();
        if (verdict.endsWorker()) {
            slot.isLost = true;
        } else if (verdict.mayRunOn() && wasHead) {
            late(slot, task);
        } else if (verdict.isFreeAgain()) {
            slot.isLate = false;
        }
    }

    private void late(Slot slot, Task<?> task) {
        slot.isLate = true;
        lookWithin.accept(settings.times().grace().toNanos());
        slot.graceDueNanos = slot.headNanos + settings.times().grace().toNanos();
        slot.lateTask = task.label();
        slot.rest();
        Worker worker = slot.worker;
        if (slot.outstanding.isEmpty() && worker != null) {
            out.accept(
                    new Action.Probe(slot, slot.life, worker, settings.times().grace()));
        }
    }

    private void conclude(Slot slot, Task<?> task, Ending ending, Verdict verdict) {
        boolean isDeadly = verdict.isTheWorkers() && !verdict.isNotBegun();
        if (isDeadly) {
            task.workersEnded++;
            task.begunBefore = ending.failure() instanceof IpcFailure ipc ? ipc : null;
            poison.ended(task.options.key());
        }
        boolean mayBeginAgain = task.attempt < task.options.attempts() && task.workersEnded < Poison.DEADLY;
        boolean isHopeless = isClosing || verdict.tookNothing() && slot.outstanding.isEmpty();
        if (!isHopeless && verdict.isTheWorkers() && (verdict.isNotBegun() || mayBeginAgain)) {
            task.attempt -= verdict.isNotBegun() ? 1 : 0;
            requeue(task);
        } else {
            settle(task, ending.answer(), ending.failure());
        }
    }

    private void requeue(Task<?> task) {
        tallies.requeued++;
        task.leavesWorker();
        IpcFailure refusal = closedDoor();
        if (refusal == null) {
            waiting.addFirst(task);
        } else {
            settle(task, null, refusal);
        }
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

    /** What waits for a worker that is gone may go to any. */
    void release(Slot slot) {
        fleet.unstick(slot);
        waiting.drainOwn(slot, task -> {
            if (task.isNested && slot.isOverflow) {
                settle(task, null, refusals.nested());
            } else {
                waiting.addLast(task, null);
            }
        });
    }

    /** Ends all that wait if nobody will run them. */
    void failIfClosed() {
        if (closedDoor() != null) {
            waiting.drainShared(task -> settle(task, null, closedDoor()));
        }
    }

    /** Ends tasks whose wait was too long and returns when the next one is due, {@link Long#MAX_VALUE} if none waits. */
    long expire(long nowNanos) {
        Task<?> late = waiting.late(nowNanos);
        while (late != null) {
            Duration limit = Duration.ofNanos(late.queueDueNanos - late.handedInNanos);
            giveUp(late, phase -> new DeadlinePassed(phase, limit));
            late = waiting.late(nowNanos);
        }
        return waiting.nextDueNanos(nowNanos);
    }

    /** Returns for how long the first in the queue that all share has waited; -1 if none does. */
    long waitNanos(long nowNanos) {
        Long since = waiting.firstQueuedNanos();
        return since == null ? -1 : nowNanos - since;
    }

    void refuseMore() {
        isClosing = true;
    }

    /** Ends all that waits. */
    void failQueued(String why) {
        for (Slot slot : List.copyOf(fleet.slots)) {
            release(slot);
        }
        waiting.drainShared(task ->
                settle(task, null, new SessionClosed(task.phase(Phase.QUEUED), SessionClosed.Who.THIS_SIDE, why)));
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
