package dev.streamipc.dispatch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Replaces workers that have worked, lived or grown enough: one at a time, the replacement first. Guarded by the lock of the pool.
 */
final class Renewal {

    private static final double JITTER = 0.1;

    private record Wanted(Slot old, RestartReason reason, String facts) {}

    private final PoolSettings.Recycling rules;
    private final Fleet fleet;
    private final Tallies tallies;
    private final DoubleSupplier chance;
    private final Deque<Wanted> waiting = new ArrayDeque<>();
    private @Nullable Wanted current;
    private @Nullable Slot replacement;

    /**
     * Makes the renewal.
     *
     * @param chance 0 to 1
     */
    Renewal(PoolSettings.Recycling rules, Fleet fleet, Tallies tallies, DoubleSupplier chance) {
        this.rules = rules;
        this.fleet = fleet;
        this.tallies = tallies;
        this.chance = chance;
    }

    /** A worker has begun a life: its limits are drawn, so that those of one age do not go together. */
    void begun(Slot slot) {
        double factor = 1 - JITTER * chance.getAsDouble();
        slot.tasksLimit = rules.maxTasks() == 0 ? Long.MAX_VALUE : Math.max(1, (long) (rules.maxTasks() * factor));
        slot.ageLimitNanos =
                rules.maxAge() == null ? Long.MAX_VALUE : (long) (rules.maxAge().toNanos() * factor);
    }

    /** A worker has ended a task. */
    void afterTask(Slot slot) {
        if (slot.settledInLife >= slot.tasksLimit) {
            want(slot, RestartReason.TASKS, "tasks=" + slot.settledInLife + ", maxTasks=" + rules.maxTasks());
        }
    }

    /** Looks at a worker's age and returns how long it may live yet. */
    long checkAge(Slot slot, long nowNanos) {
        long maxAge = slot.ageLimitNanos;
        if (!slot.isReady() || slot.isDraining || maxAge == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long left = slot.readyNanos + maxAge - nowNanos;
        if (left > 0) {
            return left;
        }
        want(slot, RestartReason.AGE, "ageMs=" + (nowNanos - slot.readyNanos) / 1_000_000);
        return Long.MAX_VALUE;
    }

    /** A worker's memory was looked at. */
    void checkMemory(Slot slot, long residentBytes) {
        slot.residentBytes = residentBytes;
        if (rules.maxResidentBytes() > 0 && residentBytes > rules.maxResidentBytes()) {
            want(
                    slot,
                    RestartReason.MEMORY,
                    "residentBytes=" + residentBytes + ", maxResidentBytes=" + rules.maxResidentBytes());
        }
    }

    private void want(Slot slot, RestartReason reason, String facts) {
        boolean isKnown =
                current != null && current.old() == slot || waiting.stream().anyMatch(each -> each.old() == slot);
        if (!isKnown && slot.isReady() && !slot.isDraining && !slot.isOverflow) {
            waiting.add(new Wanted(slot, reason, facts));
            next();
        }
    }

    private void next() {
        while (current == null && !waiting.isEmpty()) {
            Wanted wanted = waiting.remove();
            if (wanted.old().isReady() && !wanted.old().isDraining) {
                current = wanted;
                replacement = fleet.add(false);
            }
        }
    }

    /** A worker is ready: if it replaces one, that one is returned, and ends once it has nothing to do. */
    @Nullable
    Slot ready(Slot slot) {
        Wanted done = current;
        if (done == null || slot != replacement) {
            return null;
        }
        current = null;
        replacement = null;
        done.old().isDraining = true;
        done.old().state = WorkerState.DRAINING;
        tallies.restarted(done.reason());
        fleet.tell(new DispatcherEvent.Recycled(done.old().name, done.old().pid, done.reason(), done.facts()));
        next();
        return done.old();
    }

    /**
     * A worker has ended, or pauses: nobody has to replace it. A replacement that does not get ready is started again like any
     * other, with its backoff and its pauses, and the worker that it is to replace works on.
     */
    void gone(Slot slot) {
        waiting.removeIf(wanted -> wanted.old() == slot);
        Slot starting = replacement;
        if (current != null && current.old() == slot) {
            current = null;
            replacement = null;
            if (starting != null) {
                fleet.remove(starting);
            }
            next();
        }
    }
}
