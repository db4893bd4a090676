package dev.streamipc.supervise;

/** What a supervisor does about the failure of a child. */
public enum FailureAction {
    /** Start it again, as its {@link RestartType} and the {@link RestartStrategy} say; counts as a restart. */
    RESTART,
    /** Leave it stopped for good: not even a restart of its siblings starts it. They go on; nothing is counted. */
    STOP,
    /** Stop all children and end the supervisor with the same failure. */
    ESCALATE,
    /**
     * Take it for no failure: a child that runs goes on, one that has ended counts as having ended in order. So a permanent
     * one is started again all the same.
     */
    IGNORE
}
