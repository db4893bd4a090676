package dev.streamipc.process;

/** What carries the bytes between a child and the parent that starts it. */
public enum ChildChannel {
    /** The child's stdin and stdout. What else the child prints to stdout is skipped, and logged. */
    STDIO("stdio"),
    /**
     * A Unix domain socket in a folder that only this user can open. Stdout is just a log, like stderr. Path and a one-time
     * token reach the child over its stdin; its program stays the same.
     */
    UNIX_SOCKET("unix-socket"),
    /**
     * Memory that both have mapped, for the quickest answers: {@link Child#sharedMemory()}. Stdout is just a log, like stderr.
     * Needs a child on the same host that sees the parent's {@code /dev/shm} and folder for temporary files.
     */
    SHARED_MEMORY("shared-memory");

    private final String word;

    ChildChannel(String word) {
        this.word = word;
    }

    /** Returns how an invitation names it. */
    String word() {
        return word;
    }
}
