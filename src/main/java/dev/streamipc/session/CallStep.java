package dev.streamipc.session;

import dev.streamipc.message.Phase;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an event leads to: the next state, and what has to be done by the thread that got there.
 *
 * @param next the state from now on
 * @param actions to be done in the order of their declaration
 * @param phase how far the call had come, if it is to be settled with a failure of this side; else null
 */
record CallStep(
        CallState next, Set<Action> actions, @Nullable Phase phase) {

    /** Something to do for a call. */
    enum Action {
        /** Ask the outbox to take the frame back, and report {@code TAKEN_BACK} or {@code HAD_LEFT}. */
        TAKE_BACK,
        /** Keep the place of its frame in mind: the other side may still name it in a goodbye. */
        REMEMBER,
        /** Tell the other side that nobody waits any more. */
        SEND_CANCEL,
        /** Give the caller the outcome. At most one step of a call's life asks for it. */
        SETTLE,
        /** Count an answer that came too late. */
        COUNT_LATE
    }

    static CallStep to(CallState next, Action... actions) {
        return settling(next, null, actions);
    }

    static CallStep settling(CallState next, @Nullable Phase phase, Action... actions) {
        Set<Action> all = EnumSet.noneOf(Action.class);
        all.addAll(Set.of(actions));
        return new CallStep(next, Set.copyOf(all), phase);
    }

    boolean asksFor(Action action) {
        return actions.contains(action);
    }
}
