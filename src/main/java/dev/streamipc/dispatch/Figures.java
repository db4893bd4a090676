package dev.streamipc.dispatch;

import java.util.EnumMap;
import java.util.Map;

/** The figures of a pool at one moment. Guarded by its lock. */
final class Figures {

    private Figures() {}

    static DispatcherStats of(Fleet fleet, Tallies tallies, int queued) {
        Map<WorkerState, Integer> states = new EnumMap<>(WorkerState.class);
        fleet.slots.forEach(slot -> states.merge(slot.state, 1, Integer::sum));
        return new DispatcherStats(
                states,
                queued,
                (int) (tallies.open() - queued),
                fleet.abandoned,
                tallies.accepted,
                tallies.settled(),
                tallies.requeued,
                tallies.restarts,
                tallies.waits.times(),
                tallies.runs.times());
    }
}
