package dev.streamipc.dispatch;

/** Why a worker was replaced, or started again. */
public enum RestartReason {
    /** It ended by itself. */
    DIED,
    /** It did not get ready. */
    START_FAILED,
    /** It was killed, because a task did not hear a cancel. */
    KILLED,
    /** It is a thread whose task did not hear a cancel: it was left behind. */
    ABANDONED,
    /** It had run its number of tasks. */
    TASKS,
    /** It had lived its time. */
    AGE,
    /** It had grown to its size. */
    MEMORY
}
