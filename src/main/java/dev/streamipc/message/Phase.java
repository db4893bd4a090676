package dev.streamipc.message;

/** How far a call had come when it ended. */
public enum Phase {
    /** Its frame had not left the buffer, and never will. */
    QUEUED(Certainty.NOT_EXECUTED),
    /** Its frame was handed to the channel; no sign of the handler was seen. */
    SENT(Certainty.MAYBE_EXECUTED),
    /** The other side said that the handler was entered. */
    RUNNING(Certainty.EXECUTED);

    private final Certainty certainty;

    Phase(Certainty certainty) {
        this.certainty = certainty;
    }

    /**
     * Returns what a failure in this phase says of the handler.
     *
     * @return the certainty
     */
    public Certainty certainty() {
        return certainty;
    }
}
