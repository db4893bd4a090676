package dev.streamipc.bench.side;

import java.util.concurrent.locks.LockSupport;

/**
 * The wait of a program that spins until its parent speaks: between two rounds it sleeps, or on a machine of two cores it would
 * have one of them while it is others' turn. For one thread.
 */
public final class Spinning {

    /** Some ten milliseconds. */
    private static final int PATIENCE_TURNS = 1 << 20;

    private static final int LOOK_EVERY_NAPS = 1 << 10;
    private static final long NAP_NANOS = 50_000;

    private final ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
    private int emptyTurns;
    private int naps;

    /** Something was found: spins on. */
    public void found() {
        emptyTurns = 0;
    }

    /** Nothing was found; returns whether the parent is still there, which is looked at now and then. */
    public boolean goesOn() {
        if (emptyTurns++ < PATIENCE_TURNS) {
            Thread.onSpinWait();
            return true;
        }
        emptyTurns = PATIENCE_TURNS;
        LockSupport.parkNanos(NAP_NANOS);
        return ++naps % LOOK_EVERY_NAPS != 0 || parent.isAlive();
    }
}
