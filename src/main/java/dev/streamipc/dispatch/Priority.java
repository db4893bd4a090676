package dev.streamipc.dispatch;

/**
 * Which of the waiting tasks is next. A task is passed by at most {@link #MAX_PASSED} tasks of a higher priority in a row, then
 * one of the lower is next: none starves.
 */
public enum Priority {
    /** Before all others. */
    HIGH,
    /** The default. */
    NORMAL,
    /** Behind all others. */
    LOW;

    /** 16 tasks. */
    public static final int MAX_PASSED = 16;
}
