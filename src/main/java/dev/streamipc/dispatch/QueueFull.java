package dev.streamipc.dispatch;

/** What becomes of a task that finds the dispatcher's queue full. */
public enum QueueFull {
    /** It fails at once: {@code Rejected} with reason QUEUE_FULL. */
    REJECT,
    /**
     * The calling thread waits until there is room, by the task's queue limit or deadline at the latest. An interrupt and the
     * end of the dispatcher end the wait.
     */
    WAIT,
    /** The calling thread runs it; only where workers are threads of this JVM: {@link Capability#RUN_IN_CALLER}. */
    RUN_IN_CALLER
}
