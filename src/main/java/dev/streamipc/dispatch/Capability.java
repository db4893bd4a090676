package dev.streamipc.dispatch;

/** What a kind of dispatcher can do beyond the interface. What it can't do it says here, and does not pretend. */
public enum Capability {
    /** A worker that crashes, leaks or corrupts its memory harms nobody else. */
    ISOLATION,
    /** A task that does not hear a cancel is ended by force, with its worker. */
    KILL,
    /** A worker is recycled when it has grown too large, and may be given a hard limit. */
    MEMORY_LIMIT,
    /** Workers may be programs in other languages. */
    OTHER_LANGUAGES,
    /** A task that finds the queue full may run on the calling thread. */
    RUN_IN_CALLER
}
