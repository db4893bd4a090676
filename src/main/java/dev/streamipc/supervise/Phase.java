package dev.streamipc.supervise;

import org.jspecify.annotations.Nullable;

/*
 *             turn, backoff over         said so              asked, or judged
 *  WAITING ----------------------> STARTING -----> RUNNING -----------------> STOPPING
 *     ^                               |  start limit: killed, STOPPING           |
 *     |        restart                |  ended          |  ended                 | ended, or given up for lost
 *     +-------------------------------+-----------------+------------------------+
 *                                                       |
 *                                                       +--> ENDED, STOPPED, or gone from the tree
 */
/** Where a child stands, with what belongs to that. */
sealed interface Phase {

    /** Waits for its own backoff, until {@code dueNanos}; or, with null, until its turn comes. */
    record Waiting(@Nullable Long dueNanos) implements Phase {}

    record Starting(long life, long limitNanos) implements Phase {}

    record Running(long life) implements Phase {}

    /** Is asked to end until {@code limitNanos}, then killed, or after that given up for lost. */
    record Stopping(long life, long limitNanos, boolean killed, Then then) implements Phase {}

    record Ended() implements Phase {}

    record Stopped() implements Phase {}

    /** What becomes of a child when its stop is over. */
    enum Then {
        /** Starts again when its backoff is over. */
        RESTART,
        /** Starts again when its turn comes. */
        TURN,
        REST,
        STOP,
        REMOVE
    }

    /** Returns the life that goes on, 0 if there is none. */
    default long life() {
        if (this instanceof Starting starting) {
            return starting.life();
        } else if (this instanceof Running running) {
            return running.life();
        }
        return this instanceof Stopping stopping ? stopping.life() : 0;
    }

    /** Returns when something is due by itself; null if nothing is. */
    default @Nullable Long dueNanos() {
        if (this instanceof Waiting waiting) {
            return waiting.dueNanos();
        } else if (this instanceof Starting starting) {
            return starting.limitNanos();
        }
        return this instanceof Stopping stopping ? stopping.limitNanos() : null;
    }

    default boolean isAlive() {
        return life() != 0;
    }

    /** Returns whether it waits for its turn. */
    default boolean awaitsTurn() {
        return this instanceof Waiting waiting && waiting.dueNanos() == null;
    }

    default ChildState state() {
        if (this instanceof Waiting) {
            return ChildState.WAITING;
        } else if (this instanceof Starting) {
            return ChildState.STARTING;
        } else if (this instanceof Running) {
            return ChildState.RUNNING;
        } else if (this instanceof Stopping) {
            return ChildState.STOPPING;
        }
        return this instanceof Ended ? ChildState.ENDED : ChildState.STOPPED;
    }
}
