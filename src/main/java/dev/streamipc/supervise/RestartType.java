package dev.streamipc.supervise;

/** After which ends a child is started again. */
public enum RestartType {
    /** After each. */
    PERMANENT,
    /**
     * After a failure. One that ended in order stays in the tree, and is started again only together with a sibling.
     */
    TRANSIENT,
    /** Never, not even together with a sibling. It leaves the tree when it has ended. */
    TEMPORARY
}
