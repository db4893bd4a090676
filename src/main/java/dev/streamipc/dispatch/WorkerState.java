package dev.streamipc.dispatch;

/** Where a worker stands. Only one that is IDLE, or BUSY with room for more, is given work. */
public enum WorkerState {
    /** Is to be started, or starts; after a crash its backoff is part of this. */
    STARTING,
    /** Has started and runs the start task. */
    INIT,
    /** Waits for work. */
    IDLE,
    /** Has work, or perhaps still runs a task that was given up. */
    BUSY,
    /** Ends what it has and is given nothing more. */
    DRAINING,
    /** Was asked to end, or is killed. */
    STOPPING,
    /** Has ended. */
    DEAD
}
