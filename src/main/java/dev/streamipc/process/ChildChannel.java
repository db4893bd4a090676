package dev.streamipc.process;

/** What carries the bytes between a child and the parent that starts it. */
public enum ChildChannel {
    /** The child's stdin and stdout. What else the child prints to stdout is skipped, and logged. */
    STDIO,
    /**
     * A Unix domain socket in a folder that only this user can open. Stdout is just a log, like stderr. Path and a one-time
     * token reach the child over its stdin; its program stays the same.
     */
    UNIX_SOCKET
}
