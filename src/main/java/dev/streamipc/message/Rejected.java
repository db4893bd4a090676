package dev.streamipc.message;

/** The call or message was not accepted, here or on the other side; its handler was not entered. */
public final class Rejected extends IpcFailure {

    private static final long serialVersionUID = 1L;

    /** Why something was not accepted. */
    public enum Reason {
        /** No handler took the request. */
        UNHANDLED,
        /** The type is not registered on both sides, or its shape differs. */
        NOT_REGISTERED,
        /** The message is over the limit of the side that would receive it. */
        TOO_LARGE,
        /** A queue is full, here or there. */
        QUEUE_FULL,
        /** The other side is closing and starts nothing any more. */
        DRAINING,
        /** The request id is in flight already. */
        DUPLICATE_ID,
        /** A task called its own pool and there was no room for it. */
        NESTED,
        /** Calls with this key have ended too many workers. */
        POISONED,
        /** Workers restarted too often; the pool is pausing. */
        BREAKER_OPEN,
        /** A reason that this version does not know; the facts say more. */
        OTHER
    }

    private final Reason reason;

    /**
     * Makes the failure.
     *
     * @param reason why
     * @param facts the facts as {@code name=value} with units, and the next step
     */
    public Rejected(Reason reason, String facts) {
        super("rejected: reason=" + reason + ", " + facts, Certainty.NOT_EXECUTED, null);
        this.reason = reason;
    }

    /**
     * Returns why it was not accepted.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
