package dev.streamipc.process;

/**
 * When a child is an orphan, and when it has to go. Times are those of {@link System#nanoTime}; no threads, no clock.
 *
 * <p>The death of the parent is final: nobody is left to need this process, whatever was agreed before. The end of the
 * input is a sign only while the parent has said no goodbye; after one it is what both sides expect.
 *
 * <pre>
 * WATCHING  inputEnded   -> ORPHANED (by input)     WATCHING          disarm -> PARTED
 * WATCHING  parentExited -> ORPHANED (by parent)    ORPHANED (input)  disarm -> PARTED
 * PARTED    parentExited -> ORPHANED (by parent)    ORPHANED (parent) is final
 * ORPHANED (input) parentExited -> ORPHANED (by parent), with the time that is already running
 * </pre>
 */
final class OrphanRules {

    private enum State {
        WATCHING,
        PARTED,
        ORPHANED_BY_INPUT,
        ORPHANED_BY_PARENT
    }

    private final long graceNanos;
    private State state = State.WATCHING;
    private boolean told;
    private long haltNanos;

    OrphanRules(long graceNanos) {
        this.graceNanos = graceNanos;
    }

    void inputEnded(long nowNanos) {
        if (state == State.WATCHING) {
            orphaned(State.ORPHANED_BY_INPUT, nowNanos + graceNanos);
        }
    }

    void parentExited(long nowNanos) {
        if (state == State.ORPHANED_BY_INPUT) {
            orphaned(State.ORPHANED_BY_PARENT, haltNanos);
        } else if (state != State.ORPHANED_BY_PARENT) {
            orphaned(State.ORPHANED_BY_PARENT, nowNanos + graceNanos);
        }
    }

    void disarm() {
        if (state != State.ORPHANED_BY_PARENT) {
            state = State.PARTED;
        }
    }

    /** Returns true once in a life: when the process has just become an orphan and its owner is to be told. */
    boolean mustTell() {
        boolean now = isOrphaned() && !told;
        told |= now;
        return now;
    }

    boolean mustHalt(long nowNanos) {
        return isOrphaned() && nowNanos - haltNanos >= 0;
    }

    /** Returns how long nothing can happen by itself, given how often the parent is looked at. */
    long idleNanos(long nowNanos, long lookNanos) {
        return isOrphaned() ? Math.min(lookNanos, haltNanos - nowNanos) : lookNanos;
    }

    private boolean isOrphaned() {
        return state == State.ORPHANED_BY_INPUT || state == State.ORPHANED_BY_PARENT;
    }

    private void orphaned(State next, long atNanos) {
        state = next;
        haltNanos = atNanos;
    }
}
