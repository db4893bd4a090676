package dev.streamipc.session;

/** What may happen to a call at its caller's side, in any order and from any thread. */
enum CallEvent {
    /** REPLY or FAILURE came, or a damaged one. */
    ANSWERED,
    /** STARTED or PROGRESS came. */
    STARTED,
    /** Its frame could not be made or queued. */
    REFUSED,
    /** Its caller has lost interest. */
    CANCELLED,
    /** Its deadline has passed. */
    EXPIRED,
    /** The session has ended, or the other side starts nothing more. */
    SESSION_ENDED,
    /** Asked, the outbox says: the frame has not left, and never will. */
    TAKEN_BACK,
    /** Asked, the outbox says: the frame was handed to the channel. */
    HAD_LEFT
}
