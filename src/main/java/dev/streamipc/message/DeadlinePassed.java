package dev.streamipc.message;

import java.time.Duration;

/** The deadline went by before an answer came. That says nothing of whether the work goes on. */
public final class DeadlinePassed extends IpcFailure {

    private static final long serialVersionUID = 1L;

    private final Phase phase;

    /**
     * Makes the failure.
     *
     * @param phase how far the call had come
     * @param limit the time that it was given
     */
    public DeadlinePassed(Phase phase, Duration limit) {
        super("deadline passed: phase=" + phase + ", limitMs=" + limit.toMillis(), phase.certainty(), null);
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
