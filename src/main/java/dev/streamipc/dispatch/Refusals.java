package dev.streamipc.dispatch;

import dev.streamipc.message.Rejected;
import java.util.Objects;

/** Why a pool does not take a task, in words. Guarded by the lock of the pool. */
final class Refusals {

    private final PoolSettings settings;
    private final Fleet fleet;

    Refusals(PoolSettings settings, Fleet fleet) {
        this.settings = settings;
        this.fleet = fleet;
    }

    Rejected closing() {
        return new Rejected(Rejected.Reason.DRAINING, "the dispatcher takes no more, dispatcher=" + settings.name());
    }

    Rejected poisoned(String key) {
        return new Rejected(
                Rejected.Reason.POISONED,
                "tasks with this key have ended workers, key=" + key + ", workersEnded=" + Poison.DEADLY
                        + "; mend the task and pardon the key");
    }

    /** The last failure of a worker is told with it. */
    Rejected tripped() {
        Throwable last = fleet.slots.stream()
                .map(slot -> slot.lastFailure)
                .filter(Objects::nonNull)
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

    /** Workers that can't be ended run on, and no more are added to them. */
    Rejected crowded() {
        return new Rejected(
                Rejected.Reason.BREAKER_OPEN,
                "threads that can't be ended still run tasks that were given up, dispatcher=" + settings.name()
                        + ", abandoned=" + fleet.abandoned
                        + "; have tasks look at their cancellation, or run them in processes");
    }

    Rejected nested() {
        return new Rejected(
                Rejected.Reason.NESTED,
                "a task of this dispatcher asks for another and all workers have work, dispatcher="
                        + settings.name() + ", workers=" + fleet.size() + ", maxOverflow="
                        + settings.size().overflow() + "; allow more workers or overflow");
    }
}
