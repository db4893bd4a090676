package dev.streamipc.dispatch;

import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.StartFailed;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a pool for workers: they get ready, end, pause, are too slow, too old or too many. Like {@link PoolCore} told the time, and guarded by
 * the lock of the pool.
 */
final class Upkeep {

    private final PoolSettings settings;
    private final LongConsumer lookWithin;
    private final PoolCore core;
    private final Fleet fleet;
    private final Renewal renewal;
    private final Tallies tallies;

    Upkeep(PoolParts parts, PoolCore core, Renewal renewal) {
        this.settings = parts.settings();
        this.lookWithin = parts.lookWithin();
        this.core = core;
        this.fleet = parts.fleet();
        this.renewal = renewal;
        this.tallies = parts.tallies();
    }

    /** A life begins; returns its number, 0 if the worker is not wanted any more. */
    long starting(Slot slot, long nowNanos) {
        if (slot.state == WorkerState.STOPPING) {
            return 0;
        }
        slot.state = WorkerState.STARTING;
        slot.life++;
        slot.startedNanos = nowNanos;
        slot.settledInLife = 0;
        slot.residentBytes = -1;
        slot.pid = OptionalLong.empty();
        slot.isLate = false;
        slot.isLost = false;
        slot.isGone = false;
        slot.isCrowded = false;
        renewal.begun(slot);
        fleet.tell(new DispatcherEvent.Started(slot.name, slot.life));
        return slot.life;
    }

    /** It is there, and runs its start task. */
    void entered(Slot slot, long life, OptionalLong pid) {
        if (slot.life == life && slot.state == WorkerState.STARTING && !slot.isGone) {
            slot.pid = pid;
            slot.state = WorkerState.INIT;
        }
    }

    /** It takes tasks from now on; returns false if it is not wanted any more. */
    boolean ready(Slot slot, long life, Worker worker, long nowNanos) {
        if (slot.life != life || slot.isGone || slot.state == WorkerState.STOPPING) {
            return false;
        }
        slot.worker = worker;
        slot.state = WorkerState.IDLE;
        slot.readyNanos = nowNanos;
        slot.lastUsedNanos = nowNanos;
        fleet.trip(slot, false);
        lookWithin.accept(Math.min(slot.ageLimitNanos, settings.times().idle().toNanos()));
        slot.pid = worker.pid();
        fleet.tell(new DispatcherEvent.Ready(slot.name, slot.pid, Duration.ofNanos(nowNanos - slot.startedNanos)));
        Slot replaced = renewal.ready(slot);
        if (replaced != null) {
            core.release(replaced);
            core.fill(replaced, nowNanos);
        }
        core.fill(slot, nowNanos);
        return true;
    }

    /** A life has ended, or did not begin. */
    void gone(Slot slot, long life, @Nullable Throwable failure, long nowNanos) {
        if (slot.life != life || slot.state == WorkerState.STOPPING || slot.state == WorkerState.DEAD) {
            return;
        }
        boolean wasReady = slot.worker != null;
        slot.state = WorkerState.STARTING;
        slot.isGone = true;
        slot.worker = null;
        slot.isLate = false;
        slot.startedNanos = nowNanos;
        slot.lastFailure = failure;
        renewal.gone(slot);
        core.release(slot);
        tallies.restarted(wasReady ? RestartReason.DIED : RestartReason.START_FAILED);
        if (failure != null) {
            fleet.tell(new DispatcherEvent.Died(slot.name, pidOf(slot, failure), failure));
        }
        slot.pid = OptionalLong.empty();
        if (slot.isDraining || slot.isOverflow) {
            fleet.remove(slot);
        }
        core.offer(nowNanos);
    }

    /** Of a process that did not get ready its exit report may know. */
    private static OptionalLong pidOf(Slot slot, Throwable failure) {
        if (slot.pid.isEmpty()
                && failure instanceof StartFailed start
                && start.report().isPresent()) {
            return OptionalLong.of(start.report().get().pid());
        }
        return slot.pid;
    }

    /** It has ended too often and pauses. */
    void tripped(Slot slot, @Nullable Throwable failure) {
        fleet.trip(slot, true);
        renewal.gone(slot);
        fleet.tell(new DispatcherEvent.Tripped(slot.name, slot.lastFailure == null ? failure : slot.lastFailure));
        core.failIfClosed();
    }

    /** It does not run any more what was given up. */
    void freed(Slot slot, long life, long nowNanos) {
        if (slot.life == life && slot.isLate) {
            slot.isLate = false;
            core.fill(slot, nowNanos);
        }
    }

    /** So many workers that can't be ended still run; with the most of them nothing is begun any more. */
    void abandoned(int running, int most) {
        fleet.abandoned = running;
        fleet.mostAbandoned = most;
        if (fleet.isCrowded()) {
            List.copyOf(fleet.slots).forEach(core::release);
            core.failIfClosed();
        }
    }

    void memory(Slot slot, long life, long residentBytes) {
        if (slot.life == life && slot.isReady()) {
            renewal.checkMemory(slot, residentBytes);
        }
    }

    /** Does what is due, and returns how long nothing more is, at most. */
    long look(long nowNanos) {
        long wait = core.ends.expire(nowNanos);
        for (Slot slot : List.copyOf(fleet.slots)) {
            wait = Math.min(wait, checkHead(slot, nowNanos));
            wait = Math.min(wait, checkGrace(slot, nowNanos));
            wait = Math.min(wait, renewal.checkAge(slot, nowNanos));
        }
        wait = Math.min(wait, fleet.shrink(nowNanos));
        return Math.min(wait, checkGrowth(nowNanos));
    }

    /** The first of several tasks on a worker has its time from when it can have been begun. */
    private long checkHead(Slot slot, long nowNanos) {
        Task<?> head = slot.outstanding.peek();
        if (head == null || head.state != Task.State.ASSIGNED || settings.size().prefetch() == 1) {
            return Long.MAX_VALUE;
        }
        Duration limit = settings.runLimit(head);
        long left = slot.headNanos + limit.toNanos() - nowNanos;
        if (left > 0) {
            return left;
        }
        core.ends.giveUp(head, phase -> new DeadlinePassed(phase, limit));
        return Long.MAX_VALUE;
    }

    private long checkGrace(Slot slot, long nowNanos) {
        if (!slot.isLate || slot.state == WorkerState.STOPPING) {
            return Long.MAX_VALUE;
        }
        long left = slot.graceDueNanos - nowNanos;
        if (left > 0) {
            return left;
        } else if (slot.hasHeadBegun()) {
            freed(slot, slot.life, nowNanos);
        } else {
            replace(slot, nowNanos);
        }
        return Long.MAX_VALUE;
    }

    /** Ends a worker by force and starts another in its place, at once: it was our will. */
    private void replace(Slot slot, long nowNanos) {
        Duration grace = settings.times().grace();
        boolean isKill = slot.worker == null || slot.worker.canBeKilled();
        tallies.restarted(isKill ? RestartReason.KILLED : RestartReason.ABANDONED);
        fleet.tell(
                isKill
                        ? new DispatcherEvent.Killed(slot.name, slot.pid, slot.lateTask, grace)
                        : new DispatcherEvent.Abandoned(slot.name, slot.lateTask, grace));
        core.kill(slot);
        renewal.gone(slot);
        core.release(slot);
        core.offer(nowNanos);
        fleet.fillUp();
    }

    private long checkGrowth(long nowNanos) {
        long waited = core.waitNanos(nowNanos);
        if (waited < 0 || fleet.size() >= settings.size().max()) {
            return Long.MAX_VALUE;
        }
        long left = settings.queueing().growAfterNanos() - waited;
        if (left > 0) {
            return left;
        }
        // no more at a time than there are: a short wait must not start a hundred processes
        fleet.grow(Math.min(core.queued() - fleet.starting(), Math.max(1, fleet.size())));
        return Math.max(settings.queueing().growAfterNanos(), 1);
    }
}
