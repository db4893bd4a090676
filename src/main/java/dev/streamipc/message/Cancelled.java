package dev.streamipc.message;

/** The caller cancelled the call. */
public final class Cancelled extends IpcFailure {

    private static final long serialVersionUID = 1L;

    private final Phase phase;

    /**
     * Makes the failure.
     *
     * @param phase how far the call had come
     * @param reason why, as text
     */
    public Cancelled(Phase phase, String reason) {
        super("cancelled: phase=" + phase + ", reason=" + reason, phase.certainty(), null);
        this.phase = phase;
    }

    /**
     * Returns how far the call had come.
     *
     * @return the phase
     */
    public Phase phase() {
        return phase;
    }
}
