package dev.streamipc.supervise;

/** Where a child stands, or a supervisor. */
public enum ChildState {
    /** Is to be started: when its turn comes, or its backoff is over. */
    WAITING,
    /** Was asked to start and has not said yet that it has. */
    STARTING,
    /** Has started. */
    RUNNING,
    /** Was asked to end and has not ended yet. */
    STOPPING,
    /** Has ended. */
    ENDED,
    /** Has ended, and a rule says that it stays so. */
    STOPPED
}
