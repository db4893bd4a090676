package dev.streamipc.supervise;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A supervisor at one moment. Immutable.
 *
 * @param stage where it stands itself
 * @param children in the order of starts
 * @param round the round of starts that is under way; null if none is
 * @param restartsNanos when the restarts were that count against the intensity, the oldest first
 * @param lives how many lives have begun; each has its number
 * @param cause why it ends; null if in order, or not at all
 * @param killed whether it ends by force
 */
record SupervisionState(
        Stage stage,
        List<ChildEntry> children,
        @Nullable Round round,
        List<Long> restartsNanos,
        long lives,
        @Nullable Throwable cause,
        boolean killed) {

    enum Stage {
        /** Before its start. */
        NEW,
        /** Not all children have started for the first time. */
        STARTING,
        RUNNING,
        STOPPING,
        ENDED
    }

    /**
     * Several children that start one after the other, in order: at first all, later those whom a failure concerns, which
     * are stopped first, in reverse order.
     *
     * @param from the first place that takes part, and all behind it do
     * @param dueNanos no start before this; null once that is over
     * @param stopping whether it is still to be made sure that all are stopped
     * @param current the life that started last in this round, 0 for none
     */
    record Round(int from, @Nullable Long dueNanos, boolean stopping, long current) {

        Round startedOne(long life) {
            return new Round(from, null, false, life);
        }

        Round without(int place) {
            return place < from ? new Round(from - 1, dueNanos, stopping, current) : this;
        }

        Round backedOff() {
            return new Round(from, null, false, current);
        }

        Round allStopped() {
            return new Round(from, dueNanos, false, 0);
        }
    }

    static SupervisionState of(SupervisorSpec spec) {
        return new SupervisionState(
                Stage.NEW, spec.children().stream().map(ChildEntry::first).toList(), null, List.of(), 0, null, false);
    }

    /** Returns when something is due by itself next; null if nothing is. */
    @Nullable
    Long nextDueNanos() {
        Long next = round == null || round.stopping() ? null : round.dueNanos();
        for (ChildEntry child : children) {
            Long due = child.phase().dueNanos();
            if (due != null && (next == null || due - next < 0)) {
                next = due;
            }
        }
        return next;
    }

    ChildState publicState() {
        return switch (stage) {
            case NEW -> ChildState.WAITING;
            case STARTING -> ChildState.STARTING;
            case RUNNING -> ChildState.RUNNING;
            case STOPPING -> ChildState.STOPPING;
            case ENDED -> ChildState.ENDED;
        };
    }
}
