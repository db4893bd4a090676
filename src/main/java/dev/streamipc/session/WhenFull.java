package dev.streamipc.session;

/** What a request or notification does that finds the outbound queue full, or all calls in flight. */
public enum WhenFull {
    /** It is refused at once: {@code Rejected} with reason QUEUE_FULL. The caller's thread never blocks. */
    REJECT,
    /**
     * The calling thread waits until there is room: a request by its deadline at the latest, a notification as long as the
     * peer's default deadline. An interrupt and the end of the session end the wait. Broadcasts never wait, nor does a
     * thread that is reading for the session.
     */
    WAIT
}
