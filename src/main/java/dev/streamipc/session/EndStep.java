package dev.streamipc.session;

import java.util.List;

/**
 * What an event leads to.
 *
 * @param next the state from now on
 * @param actions to be done in order by the thread that got there
 */
record EndStep(EndState next, List<EndAction> actions) {

    static EndStep stay(EndState state) {
        return new EndStep(state, List.of());
    }

    static EndStep to(EndState next, EndAction... actions) {
        return new EndStep(next, List.of(actions));
    }
}
