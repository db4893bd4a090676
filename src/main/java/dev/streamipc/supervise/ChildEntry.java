package dev.streamipc.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One child of a supervisor.
 *
 * @param spec what it is
 * @param phase where it stands
 * @param added the ticket of whoever added it and waits for its start; 0 if nobody does
 * @param isFirst whether it belongs to the spec of the supervisor, and has to start with it
 * @param history what was
 * @param removals the tickets of those who wait for it to be gone
 */
record ChildEntry(ChildSpec spec, Phase phase, long added, boolean isFirst, History history, List<Long> removals) {

    /**
     * What was.
     *
     * @param hasStarted whether it ever started
     * @param inARow how often it failed without health in between
     * @param restarts how often it was to be started again
     * @param dueNanos when its last backoff ends
     * @param sinceNanos when its last life had started; null if that has not
     */
    record History(
            boolean hasStarted,
            int inARow,
            long restarts,
            long dueNanos,
            @Nullable Long sinceNanos,
            @Nullable Throwable lastFailure) {

        static final History NONE = new History(false, 0, 0, 0, null, null);

        History starting() {
            return new History(hasStarted, inARow, restarts, dueNanos, null, lastFailure);
        }

        History started(long nowNanos) {
            return new History(true, inARow, restarts, dueNanos, nowNanos, lastFailure);
        }

        History failed(Throwable failure) {
            return new History(hasStarted, inARow, restarts, dueNanos, sinceNanos, failure);
        }

        History restarting(int nowInARow, long nowDueNanos) {
            return new History(hasStarted, nowInARow, restarts + 1, nowDueNanos, sinceNanos, lastFailure);
        }

        boolean wasHealthy(long nowNanos, Duration resetAfter) {
            return sinceNanos != null && nowNanos - sinceNanos >= resetAfter.toNanos();
        }
    }

    static ChildEntry first(ChildSpec spec) {
        return new ChildEntry(spec, new Phase.Waiting(null), 0, true, History.NONE, List.of());
    }

    static ChildEntry added(ChildSpec spec, long ticket) {
        return new ChildEntry(spec, new Phase.Waiting(null), ticket, false, History.NONE, List.of());
    }

    String name() {
        return spec.name();
    }

    boolean isTemporary() {
        return spec.restart() == RestartType.TEMPORARY;
    }

    ChildEntry in(Phase next) {
        return new ChildEntry(spec, next, added, isFirst, history, removals);
    }

    ChildEntry with(History next) {
        return new ChildEntry(spec, phase, added, isFirst, next, removals);
    }

    ChildEntry answered() {
        return new ChildEntry(spec, phase, 0, isFirst, history, removals);
    }

    ChildEntry removedBy(long ticket) {
        List<Long> tickets = new ArrayList<>(removals);
        tickets.add(ticket);
        return new ChildEntry(spec, phase, added, isFirst, history, List.copyOf(tickets));
    }
}
