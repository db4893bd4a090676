package dev.streamipc.dispatch;

import dev.streamipc.message.Cancelled;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.session.CallOptions;
import java.time.Duration;
import java.util.List;
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

    private static final long MAX_NANOS = CallOptions.MAX_DEADLINE.toNanos();

    private final PoolSettings settings;
    private final Consumer<? super Action> out;
    private final LongConsumer lookWithin;
    private final Fleet fleet;
    private final Tallies tallies;
    private final TaskQueue shared = new TaskQueue();
    private final Dues dues = new Dues();
    private final Poison poison = new Poison();
    private boolean isClosing;
    private int queued;

    PoolCore(PoolParts parts) {
        this.settings = parts.settings();
        this.fleet = parts.fleet();
        this.tallies = parts.tallies();
        this.out = parts.out();
        this.lookWithin = parts.lookWithin();
    }

    int queued() {
        return queued;
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
        if (slot != null && slot.own.isEmpty() && slot.takes(settings.size().prefetch())) {
            accept(task, nowNanos);
            assign(slot, task, nowNanos);
            fleet.startSpares();
            return Taken.YES;
        }
        return task.isNested ? submitNested(task, nowNanos) : enqueue(task, slot, nowNanos);
    }

    private Taken submitNested(Task<?> task, long nowNanos) {
        if (!fleet.mayOverflow()) {
            refuse(task, new Rejected(Rejected.Reason.NESTED, nestedFacts()));
            return Taken.YES;
        }
        accept(task, nowNanos);
        await(task, fleet.add(true).own, nowNanos);
        return Taken.YES;
    }

    private Taken enqueue(Task<?> task, @Nullable Slot slot, long nowNanos) {
        if (queued >= settings.queueing().capacity()) {
            return Taken.FULL;
        }
        accept(task, nowNanos);
        await(task, slot == null || task.options.key() == null ? shared : slot.own, nowNanos);
        return Taken.YES;
    }

    private void await(Task<?> task, TaskQueue queue, long nowNanos) {
        queue.addLast(task);
        queued++;
        dues.add(task);
        dues.sweep(queued);
        lookWithin.accept(task.queueDueNanos - nowNanos);
        if (fleet.size() < settings.size().max()) {
            lookWithin.accept(settings.queueing().growAfterNanos());
        }
    }

    private @Nullable IpcFailure refusal(Task<?> task) {
        if (isClosing) {
            return new Rejected(
                    Rejected.Reason.DRAINING, "the dispatcher takes no more, dispatcher=" + settings.name());
        } else if (poison.isPoisoned(task.options.key())) {
            return new Rejected(
                    Rejected.Reason.POISONED,
                    "tasks with this key have ended workers, key=" + task.options.key() + ", workersEnded="
                            + Poison.DEADLY + "; mend the task and pardon the key");
        }
        return fleet.isTripped() ? tripped() : null;
    }

    private Rejected tripped() {
        Throwable last = fleet.slots.stream()
                .map(slot -> slot.lastFailure)
                .filter(failure -> failure != null)
                .findFirst()
                .orElse(null);
        Rejected rejected = new Rejected(
                Rejected.Reason.BREAKER_OPEN,
                "workers ended too often and pause, dispatcher=" + settings.name() + ", lastFailure="
                        + (last == null ? "none" : last.getMessage()));
        if (last != null) {
            rejected.addSuppressed(last);
        }
        return rejected;
    }

    private String nestedFacts() {
        return "a task of this dispatcher asks for another and all workers have work, dispatcher=" + settings.name()
                + ", workers=" + fleet.size() + ", maxOverflow="
                + settings.size().overflow()
                + "; allow more workers or overflow";
    }

    /** Returns who gets a task: who has its key, else who is next; null if none can be named yet. */
    private @Nullable Slot slotFor(Task<?> task) {
        Slot kept = task.isNested ? null : fleet.ofKey(task.options.key());
        if (kept != null && kept.isReady() && !kept.isDraining) {
            return kept;
        }
        return fleet.choose();
    }

    private void refuse(Task<?> task, IpcFailure failure) {
        task.state = Task.State.DONE;
        out.accept(new Action.Settle(task, null, failure));
    }

    private void accept(Task<?> task, long nowNanos) {
        tallies.accepted++;
        task.acceptedNanos = nowNanos;
        task.queuedNanos = nowNanos;
        Duration deadline = settings.deadline(task);
        Duration queueLimit = settings.queueLimit(task);
        task.totalDueNanos = task.handedInNanos + (deadline == null ? MAX_NANOS : deadline.toNanos());
        long waitNanos = queueLimit == null ? MAX_NANOS : queueLimit.toNanos();
        task.queueDueNanos = task.handedInNanos + Math.min(waitNanos, task.totalDueNanos - task.handedInNanos);
    }

    /** Gives all workers what they have room for. */
    void offer(long nowNanos) {
        for (Slot slot : List.copyOf(fleet.slots)) {
            if (shared.isEmpty()) {
                return;
            }
            fill(slot, nowNanos);
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
            Task<?> task = nextFor(slot);
            if (task == null) {
                break;
            }
            queued--;
            assign(slot, task, nowNanos);
        }
        slot.rest();
        if (slot.isIdle() && !slot.isLost) {
            lookWithin.accept(settings.times().idle().toNanos());
        }
        boolean isDone = slot.isOverflow && slot.settledInLife > 0 || slot.isDraining;
        if (isDone && !slot.isLost && slot.outstanding.isEmpty() && !slot.isLate) {
            fleet.remove(slot);
        }
    }

    /** Of the two queues the one whose first is of a higher priority, or came before; neither starves the other. */
    private @Nullable Task<?> nextFor(Slot slot) {
        Task<?> own = slot.own.peek();
        Task<?> any = slot.isOverflow ? null : shared.peek();
        if (own == null || any == null) {
            return own == null ? (any == null ? null : shared.poll()) : slot.own.poll();
        }
        int higher = any.options.priority().compareTo(own.options.priority());
        boolean takesOwn = higher > 0 || higher == 0 && own.acceptedNanos - any.acceptedNanos <= 0;
        takesOwn = takesOwn ? slot.passedShared < Priority.MAX_PASSED : slot.passedOwn >= Priority.MAX_PASSED;
        slot.passedShared = takesOwn ? slot.passedShared + 1 : 0;
        slot.passedOwn = takesOwn ? 0 : slot.passedOwn + 1;
        return takesOwn ? slot.own.poll() : shared.poll();
    }

    private void assign(Slot slot, Task<?> task, long nowNanos) {
        task.state = Task.State.ASSIGNED;
        task.queue = null;
        task.slot = slot;
        task.attempt++;
        tallies.waits.add(nowNanos - task.queuedNanos);
        if (slot.outstanding.isEmpty()) {
            slot.headNanos = nowNanos;
            if (settings.size().prefetch() > 1) {
                lookWithin.accept(settings.runLimit(task).toNanos());
            }
        }
        slot.outstanding.add(task);
        slot.rest();
        fleet.stick(task.options.key(), slot);
        Worker worker = slot.worker;
        if (worker != null) {
            out.accept(new Action.Send(slot, slot.life, worker, task, settings.limitOnWorker(task, nowNanos)));
        }
    }

    /** A task has come back from a worker. */
    void ended(Slot slot, Task<?> task, Ending ending, long nowNanos) {
        boolean wasHead = slot.outstanding.peek() == task;
        if (!slot.outstanding.remove(task)) {
            return;
        }
        long runNanos = nowNanos - (wasHead ? slot.headNanos : nowNanos);
        slot.headNanos = nowNanos;
        slot.lastUsedNanos = nowNanos;
        slot.settled++;
        Worker worker = slot.worker;
        boolean isHeardWhole = settings.size().prefetch() > 1 && worker != null && worker.isHeardWhole();
        Verdict verdict = Verdict.of(ending.failure(), isHeardWhole);
        if (ending.life() == slot.life) {
            slot.settledInLife++;
            after(slot, task, verdict, wasHead);
        }
        if (task.state == Task.State.ASSIGNED) {
            tallies.runs.add(runNanos);
            conclude(task, ending, verdict);
        }
        fill(slot, nowNanos);
    }

    /**
     * How a task came back.
     *
     * @param life of the worker that had it
     */
    record Ending(
            long life, @Nullable Message answer, @Nullable Throwable failure) {}

    private void after(Slot slot, Task<?> task, Verdict verdict, boolean wasHead) {
        if (verdict.endsWorker()) {
            slot.isLost = true;
        } else if (verdict.mayRunOn() && wasHead) {
            late(slot, task);
        } else if (!verdict.mayRunOn()) {
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

    private void conclude(Task<?> task, Ending ending, Verdict verdict) {
        boolean isDeadly = verdict.isTheWorkers() && !verdict.isNotBegun();
        if (isDeadly) {
            task.workersEnded++;
            poison.ended(task.options.key());
        }
        boolean mayBeginAgain = task.attempt < task.options.attempts() && task.workersEnded < Poison.DEADLY;
        if (!isClosing && verdict.isTheWorkers() && (verdict.isNotBegun() || mayBeginAgain)) {
            task.attempt -= verdict.isNotBegun() ? 1 : 0;
            requeue(task);
        } else {
            settle(task, ending.answer(), ending.failure());
        }
    }

    private void requeue(Task<?> task) {
        tallies.requeued++;
        task.slot = null;
        task.leavesWorker();
        if (fleet.isTripped()) {
            settle(task, null, tripped());
            return;
        }
        shared.addFirst(task);
        queued++;
        dues.add(task);
    }

    private void settle(Task<?> task, @Nullable Message answer, @Nullable Throwable failure) {
        task.state = Task.State.DONE;
        tallies.settled(failure);
        out.accept(new Action.Settle(task, answer, failure));
    }

    /** Ends a task that has no outcome yet, wherever it is. */
    void giveUp(Task<?> task, Function<Phase, IpcFailure> failure) {
        if (task.state == Task.State.QUEUED) {
            leaveQueue(task);
            settle(task, null, failure.apply(Phase.QUEUED));
        } else if (task.state == Task.State.ASSIGNED) {
            task.state = Task.State.DONE;
            Slot slot = task.slot;
            Worker worker = slot == null ? null : slot.worker;
            tallies.settled(failure.apply(Phase.SENT));
            if (worker != null) {
                out.accept(new Action.GiveUp(worker, task, failure));
            } else {
                out.accept(new Action.Settle(task, null, failure.apply(Phase.SENT)));
            }
        }
    }

    private void leaveQueue(Task<?> task) {
        TaskQueue queue = task.queue;
        task.queue = null;
        queued--;
        if (queue != null) {
            queue.ended();
        }
    }

    void cancel(Task<?> task) {
        giveUp(task, phase -> new Cancelled(phase, "cancelled by the caller"));
    }

    /** What waits for a worker that is gone may go to any. */
    void release(Slot slot) {
        fleet.unstick(slot);
        slot.own.drainTo(task -> {
            queued--;
            if (task.isNested && slot.isOverflow) {
                settle(task, null, new Rejected(Rejected.Reason.NESTED, nestedFacts()));
            } else {
                shared.addLast(task);
                queued++;
            }
        });
    }

    /** Ends all that wait if nobody will run them. */
    void failIfTripped() {
        if (fleet.isTripped()) {
            shared.drainTo(task -> {
                queued--;
                settle(task, null, tripped());
            });
        }
    }

    /** Ends tasks whose wait was too long and returns when the next one is due, {@link Long#MAX_VALUE} if none waits. */
    long expire(long nowNanos) {
        Task<?> late = dues.pollLate(nowNanos);
        while (late != null) {
            Duration limit = Duration.ofNanos(late.queueDueNanos - late.handedInNanos);
            giveUp(late, phase -> new DeadlinePassed(phase, limit));
            late = dues.pollLate(nowNanos);
        }
        Task<?> next = dues.peek();
        return next == null ? Long.MAX_VALUE : Math.max(0, next.queueDueNanos - nowNanos);
    }

    /** Returns for how long the first in the queue that all share has waited; -1 if none does. */
    long waitNanos(long nowNanos) {
        Task<?> first = shared.peek();
        return first == null ? -1 : nowNanos - first.queuedNanos;
    }

    void refuseMore() {
        isClosing = true;
    }

    /** Ends all that waits. */
    void failQueued(String why) {
        for (Slot slot : List.copyOf(fleet.slots)) {
            release(slot);
        }
        shared.drainTo(task -> {
            queued--;
            settle(task, null, new SessionClosed(Phase.QUEUED, SessionClosed.Who.THIS_SIDE, why));
        });
    }

    /** Ends all that runs. */
    void failRunning(String why) {
        for (Slot slot : List.copyOf(fleet.slots)) {
            for (Task<?> task : List.copyOf(slot.outstanding)) {
                giveUp(task, phase -> new SessionClosed(phase, SessionClosed.Who.THIS_SIDE, why));
            }
        }
    }
}
