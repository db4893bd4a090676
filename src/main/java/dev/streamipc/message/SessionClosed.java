package dev.streamipc.message;

/** Either side closed the session, or its stream ended, while the call was open. */
public final class SessionClosed extends IpcFailure {

    private static final long serialVersionUID = 1L;

    /** Who ended the session. */
    public enum Who {
        /** This side called close. */
        THIS_SIDE,
        /** The other side said goodbye. */
        OTHER_SIDE,
        /** The stream ended or broke without a goodbye. */
        STREAM
    }

    private final Phase phase;
    private final Who who;
    private final String why;

    /**
     * Makes the failure.
     *
     * @param phase how far the call had come
     * @param who who ended the session
     * @param why the reason as text
     */
    public SessionClosed(Phase phase, Who who, String why) {
        super("session closed: phase=" + phase + ", who=" + who + ", why=" + why, phase.certainty(), null);
        this.phase = phase;
        this.who = who;
        this.why = why;
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
     * Returns who ended the session.
     *
     * @return this side, the other side or the stream
     */
    public Who who() {
        return who;
    }

    /**
     * Returns why it ended, in the words of who ended it.
     *
     * @return one line, perhaps of the other side's making
     */
    public String why() {
        return why;
    }
}
