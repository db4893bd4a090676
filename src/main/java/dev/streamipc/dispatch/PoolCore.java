package dev.streamipc.dispatch;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import dev.streamipc.message.SessionClosed;
import java.util.List;
import java.util.function.Consumer;
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
    final TaskEnds ends;
    private final Refusals refusals;
    private final Poison poison = new Poison();

    private boolean isClosing;

    PoolCore(PoolParts parts, Renewal renewal) {
        this.settings = parts.settings();
        this.fleet = parts.fleet();
        this.tallies = parts.tallies();
        this.out = parts.out();
        this.renewal = renewal;
        this.lookWithin = parts.lookWithin();
        this.ends = new TaskEnds(parts, waiting);
        this.refusals = new Refusals(settings, fleet);
    }

    int queued() {
        return waiting.size();
    }

    boolean pardon(String key, long nowNanos) {
        return poison.pardon(key, nowNanos);
    }

    Taken submit(Task<?> task, long nowNanos) {
        IpcFailure refusal = refusal(task, nowNanos);
        if (refusal != null) {
            ends.refuse(task, refusal);
            return Taken.YES;
        }
        Slot slot = slotFor(task);
        boolean isNext = !waiting.hasShared();
        if (slot != null
                && isNext
                && slot.own.isEmpty()
                && slot.takes(settings.size().prefetch())) {
            accept(task, nowNanos);
            assignInTime(slot, task, nowNanos);
            fleet.startSpares();
            return Taken.YES;
        }
        return task.isNested ? submitNested(task, nowNanos) : enqueue(task, slot, nowNanos);
    }

    private Taken submitNested(Task<?> task, long nowNanos) {
        if (fleet.mayOverflow()) {
            accept(task, nowNanos);
            await(task, fleet.add(true), nowNanos);
        } else {
            ends.refuse(task, refusals.nested());
        }
        return Taken.YES;
    }

    private Taken enqueue(Task<?> task, @Nullable Slot slot, long nowNanos) {
        if (waiting.size() >= settings.queueing().capacity()) {
            return Taken.FULL;
        }
        accept(task, nowNanos);
        await(task, slot == fleet.ofKey(task.options.key()) ? slot : null, nowNanos);
        return Taken.YES;
    }

    private void await(Task<?> task, @Nullable Slot own, long nowNanos) {
        waiting.add(task, own);
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
    IpcFailure refusal(Task<?> task, long nowNanos) {
        String key = task.options.key();
        if (isClosing) {
            return refusals.closing();
        } else if (key != null && poison.isPoisoned(key, nowNanos)) {
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
        Slot kept = keeper(task);
        // one that a task of the pool waits for never waits behind that task
        return kept != null
                ? kept
                : fleet.choose(task.isNested ? 1 : settings.size().prefetch());
    }

    /** Returns who has the key of a task, also if that is about to be gone; null if it has none, or nobody that lives has it. */
    private @Nullable Slot keeper(Task<?> task) {
        Slot kept = task.isNested ? null : fleet.ofKey(task.options.key());
        return kept != null && kept.isReady() && !kept.isDraining ? kept : null;
    }

    void accept(Task<?> task, long nowNanos) {
        tallies.accepted++;
        task.number = tallies.accepted;
        task.acceptedNanos = nowNanos;
        task.totalDueNanos = task.handedInNanos + settings.totalNanos(task);
        settings.waitsFrom(task, task.handedInNanos);
        task.queuedNanos = nowNanos;
    }

    /** Gives all workers what they have room for. */
    void offer(long nowNanos) {
        for (Slot slot : List.copyOf(fleet.slots)) {
            if (waiting.hasShared() || !slot.own.isEmpty()) {
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
            assignInTime(slot, task, nowNanos);
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

    /** Of a task whose time has passed no worker hears. */
    private void assignInTime(Slot slot, Task<?> task, long nowNanos) {
        if (task.queueDueNanos - nowNanos <= 0) {
            ends.late(task);
        } else {
            assign(slot, task, nowNanos);
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
        String key = task.options.key();
        if (key != null && fleet.stick(key, slot)) {
            waiting.gather(key, slot);
        }
        Worker worker = slot.worker;
        if (worker != null) {
            send(slot, worker, task);
        }
    }

    /** All that one event gives a worker is one step. */
    private void send(Slot slot, Worker worker, Task<?> task) {
        Sending sending = slot.nextSending;
        if (sending == null) {
            sending = Sending.of(slot.life, worker);
            slot.nextSending = sending;
            out.accept(new Action.Send(slot, sending));
        }
        sending.tasks().add(task);
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
        Verdict verdict = judge(ending);
        if (ending.life() == slot.life) {
            slot.settledInLife++;
            renewal.afterTask(slot);
            after(slot, task, verdict, wasHead);
        }
        if (task.state == Task.State.ASSIGNED) {
            tallies.runs.add(runNanos);
            conclude(slot, task, ending, nowNanos);
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

    private Verdict judge(Ending ending) {
        return Verdict.of(ending.failure(), settings.size().prefetch() > 1 && ending.isHeardWhole());
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

    private void conclude(Slot slot, Task<?> task, Ending ending, long nowNanos) {
        Verdict verdict = judge(ending);
        boolean isDeadly = verdict.isTheWorkers() && !verdict.isNotBegun();
        if (isDeadly) {
            task.workersEnded++;
            task.begunBefore = ending.failure() instanceof IpcFailure ipc ? ipc : null;
            poison.ended(task.options.key(), nowNanos);
        }
        boolean mayBeginAgain = task.attempt < task.options.attempts() && task.workersEnded < Poison.DEADLY;
        boolean isHopeless = isClosing || verdict.tookNothing() && slot.outstanding.isEmpty();
        if (!isHopeless && verdict.isTheWorkers() && (verdict.isNotBegun() || mayBeginAgain)) {
            task.attempt -= verdict.isNotBegun() ? 1 : 0;
            requeue(task, nowNanos);
        } else {
            ends.settle(task, ending.answer(), ending.failure());
        }
    }

    private void requeue(Task<?> task, long nowNanos) {
        tallies.requeued++;
        task.leavesWorker();
        IpcFailure refusal = closedDoor();
        if (refusal != null) {
            ends.settle(task, null, refusal);
        } else if (task.isNested) {
            requeueNested(task, nowNanos);
        } else {
            waiting.add(task, keeper(task));
        }
    }

    private void requeueNested(Task<?> task, long nowNanos) {
        Slot idle = waiting.hasShared() ? null : fleet.choose(1);
        if (idle != null) {
            assignInTime(idle, task, nowNanos);
        } else if (fleet.mayOverflow()) {
            waiting.add(task, fleet.add(true));
        } else {
            ends.settle(task, null, refusals.nested());
        }
    }

    /** What waits for a worker that is gone may go to any. */
    void release(Slot slot) {
        fleet.unstick(slot);
        waiting.drainOwn(slot, task -> {
            if (task.isNested && slot.isOverflow) {
                ends.settle(task, null, refusals.nested());
            } else {
                waiting.add(task, keeper(task));
            }
        });
    }

    /** Ends all that wait if nobody will run them. */
    void failIfClosed() {
        if (closedDoor() != null) {
            waiting.drainShared(task -> ends.settle(task, null, closedDoor()));
        }
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
                ends.settle(task, null, new SessionClosed(task.phase(Phase.QUEUED), SessionClosed.Who.THIS_SIDE, why)));
    }
}
