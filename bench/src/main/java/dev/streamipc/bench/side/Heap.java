package dev.streamipc.bench.side;

import java.util.concurrent.locks.LockSupport;

/** What is on the heap. */
final class Heap {

    private static final int COLLECTIONS = 4;
    private static final long PAUSE_NANOS = 50_000_000;

    private Heap() {}

    /** Collects the garbage, and counts what is left. */
    static double usedBytes() {
        for (int times = 0; times < COLLECTIONS; times++) {
            System.gc();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
