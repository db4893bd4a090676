package dev.streamipc.session;

/** Where a call stands, as its caller's side knows it. Only {@link CallRules} leads from one to another. */
enum CallState {
    /** It waits, and nothing is known of its handler. Whether its frame has left, the {@link Outbox} knows. */
    OPEN,
    /** The other side has said that the handler was entered. */
    RUNNING,
    /** Its caller has ended it: the outcome is decided but for the phase, which the outbox is being asked for. */
    CANCELLING,
    /** Something else of this side has ended it; otherwise like {@link #CANCELLING}. */
    ENDING,
    /** It has its one outcome. */
    ENDED
}
