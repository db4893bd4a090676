package dev.streamipc.message;

/** What is known of a call that failed: whether its handler was entered on the other side. */
public enum Certainty {
    /** The handler was not entered and never will be: the call may safely be made again. */
    NOT_EXECUTED,
    /** The request left this process; nobody can say whether the handler was entered. */
    MAYBE_EXECUTED,
    /** The handler was entered, or was just about to be; it may or may not have come to its end. */
    EXECUTED
}
