package dev.streamipc.message;

/** The child process ended while the call was open. */
public final class ChildDied extends IpcFailure {

    private static final long serialVersionUID = 1L;

    private final Phase phase;
    private final transient ExitReport report;

    /**
     * Makes the failure.
     *
     * @param phase how far the call had come
     * @param report how the process ended
     */
    public ChildDied(Phase phase, ExitReport report) {
        super("child died: phase=" + phase + ", " + report.summary(), phase.certainty(), null);
        this.phase = phase;
        this.report = report;
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
     * Returns how the process ended.
     *
     * @return the report
     */
    public ExitReport report() {
        return report;
    }
}
