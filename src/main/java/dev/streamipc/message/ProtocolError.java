package dev.streamipc.message;

/** The other side broke the protocol; the session is over. */
public final class ProtocolError extends IpcFailure {

    private static final long serialVersionUID = 1L;

    private final Phase phase;
    private final String rule;
    private final long offsetBytes;
    private final String hexNear;

    /**
     * Makes the failure.
     *
     * @param phase how far the call had come
     * @param rule which rule was broken
     * @param offsetBytes where in the inbound stream, counted from its first byte
     * @param hexNear the bytes from there in hex, at most 32 of them
     */
    public ProtocolError(Phase phase, String rule, long offsetBytes, String hexNear) {
        super(
                "protocol error: " + rule + ", phase=" + phase + ", offsetBytes=" + offsetBytes + ", hexNear="
                        + hexNear,
                phase.certainty(),
                null);
        this.phase = phase;
        this.rule = rule;
        this.offsetBytes = offsetBytes;
        this.hexNear = hexNear;
    }

    /**
     * Returns how far the call had come.
     *
     * @return the phase
     */
    public Phase phase() {
        return phase;
    }

    /**
     * Returns which rule was broken.
     *
     * @return the rule, with the facts as {@code name=value}
     */
    public String rule() {
        return rule;
    }

    /**
     * Returns where the rule was broken.
     *
     * @return bytes from the start of the inbound stream
     */
    public long offsetBytes() {
        return offsetBytes;
    }

    /**
     * Returns the bytes at that place.
     *
     * @return hex digits, at most 64
     */
    public String hexNear() {
        return hexNear;
    }
}
