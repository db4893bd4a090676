package dev.streamipc.session;

/**
 * The deadline of the request whose handler runs on this thread: what the handler asks, on any session, gets no more time.
 * All sessions of a JVM share one clock.
 */
final class HandledDeadline {

    private static final int IS_SET = 0;
    private static final int NANOS = 1;

    /** Two longs, and no class of ours: threads of the user's keep them when the library is long unloaded. */
    private static final ThreadLocal<long[]> OF_THREAD = ThreadLocal.withInitial(() -> new long[2]);

    private final long[] slot;
    private final long isSetBefore;
    private final long nanosBefore;

    private HandledDeadline(long[] slot) {
        this.slot = slot;
        this.isSetBefore = slot[IS_SET];
        this.nanosBefore = slot[NANOS];
    }

    /**
     * A handler begins on this thread.
     *
     * @return what was in force before, to be put back by {@link #leave} on this thread
     */
    static HandledDeadline enter(boolean hasDeadline, long deadlineNanos) {
        long[] slot = OF_THREAD.get();
        HandledDeadline before = new HandledDeadline(slot);
        slot[IS_SET] = hasDeadline ? 1 : 0;
        slot[NANOS] = deadlineNanos;
        return before;
    }

    /** The handler has returned. */
    void leave() {
        slot[IS_SET] = isSetBefore;
        slot[NANOS] = nanosBefore;
    }

    /** Returns how long a call made on this thread may take; negative or zero if the time is up. */
    static long atMost(long wantedNanos, long nowNanos) {
        long[] slot = OF_THREAD.get();
        return slot[IS_SET] == 0 ? wantedNanos : Math.min(wantedNanos, slot[NANOS] - nowNanos);
    }
}
