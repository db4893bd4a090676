package dev.streamipc.session;

import dev.streamipc.message.Phase;
import dev.streamipc.session.CallStep.Action;

/**
 * The life of a call at its caller's side: state and event give the next state and what to do. No clock, no lock, no I/O:
 * whoever moves the state of a call by one compare-and-set, as told here, does what the step asks for, and nobody else.
 */
final class CallRules {
    /*
     *   OPEN --STARTED--> RUNNING
     *    |                   |
     *    | answered,         | answered,
     *    | refused           | cancelled, expired, session ended
     *    |                   v
     *    +---------------> ENDED <-----------------+
     *    | cancelled: CANCELLING --taken back,-----+
     *    | expired,                had left        |
     *    + session ended: ENDING ------------------+
     *
     * The outcome is decided in the step that leaves OPEN or RUNNING towards the right or below: what comes later finds the
     * call decided. QUEUED is said only after the outbox has taken the frame back.
     */

    private static final CallStep STAYS_OPEN = CallStep.to(CallState.OPEN);
    private static final CallStep STAYS_RUNNING = CallStep.to(CallState.RUNNING);
    private static final CallStep STAYS_CANCELLING = CallStep.to(CallState.CANCELLING);
    private static final CallStep STAYS_ENDING = CallStep.to(CallState.ENDING);
    private static final CallStep STAYS_ENDED = CallStep.to(CallState.ENDED);

    private static final CallStep ENTERED = CallStep.to(CallState.RUNNING);
    private static final CallStep ANSWERED = CallStep.to(CallState.ENDED, Action.SETTLE);
    private static final CallStep REFUSED = CallStep.settling(CallState.ENDED, Phase.QUEUED, Action.SETTLE);
    private static final CallStep CANCEL_OPEN = CallStep.to(CallState.CANCELLING, Action.TAKE_BACK);
    private static final CallStep END_OPEN = CallStep.to(CallState.ENDING, Action.TAKE_BACK);
    private static final CallStep CANCEL_RUNNING =
            CallStep.settling(CallState.ENDED, Phase.RUNNING, Action.REMEMBER, Action.SEND_CANCEL, Action.SETTLE);
    private static final CallStep END_RUNNING =
            CallStep.settling(CallState.ENDED, Phase.RUNNING, Action.REMEMBER, Action.SETTLE);
    private static final CallStep ENDED_QUEUED = CallStep.settling(CallState.ENDED, Phase.QUEUED, Action.SETTLE);
    private static final CallStep ENDED_SENT = CallStep.settling(CallState.ENDED, Phase.SENT, Action.SETTLE);
    private static final CallStep CANCELLED_SENT =
            CallStep.settling(CallState.ENDED, Phase.SENT, Action.SEND_CANCEL, Action.SETTLE);
    private static final CallStep LATE_CANCELLING = CallStep.to(CallState.CANCELLING, Action.COUNT_LATE);
    private static final CallStep LATE_ENDING = CallStep.to(CallState.ENDING, Action.COUNT_LATE);
    private static final CallStep LATE = CallStep.to(CallState.ENDED, Action.COUNT_LATE);

    private CallRules() {}

    /** Returns what an event leads to. Never null, whatever comes when. */
    static CallStep step(CallState state, CallEvent event) {
        return switch (state) {
            case OPEN -> whileOpen(event);
            case RUNNING -> whileRunning(event);
            case CANCELLING -> whileCancelling(event);
            case ENDING -> whileEnding(event);
            case ENDED -> event == CallEvent.ANSWERED ? LATE : STAYS_ENDED;
        };
    }

    private static CallStep whileOpen(CallEvent event) {
        return switch (event) {
            case ANSWERED -> ANSWERED;
            case STARTED -> ENTERED;
            case REFUSED -> REFUSED;
            case CANCELLED -> CANCEL_OPEN;
            case EXPIRED, SESSION_ENDED -> END_OPEN;
            case TAKEN_BACK, HAD_LEFT -> STAYS_OPEN;
        };
    }

    private static CallStep whileRunning(CallEvent event) {
        return switch (event) {
            case ANSWERED -> ANSWERED;
            case CANCELLED -> CANCEL_RUNNING;
            case EXPIRED, SESSION_ENDED -> END_RUNNING;
            case STARTED, REFUSED, TAKEN_BACK, HAD_LEFT -> STAYS_RUNNING;
        };
    }

    private static CallStep whileCancelling(CallEvent event) {
        return switch (event) {
            case TAKEN_BACK -> ENDED_QUEUED;
            case HAD_LEFT -> CANCELLED_SENT;
            case ANSWERED -> LATE_CANCELLING;
            default -> STAYS_CANCELLING;
        };
    }

    private static CallStep whileEnding(CallEvent event) {
        return switch (event) {
            case TAKEN_BACK -> ENDED_QUEUED;
            case HAD_LEFT -> ENDED_SENT;
            case ANSWERED -> LATE_ENDING;
            default -> STAYS_ENDING;
        };
    }
}
