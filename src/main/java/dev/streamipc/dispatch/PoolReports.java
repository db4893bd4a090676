package dev.streamipc.dispatch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a pool is told of its workers. For all threads; nothing here blocks, and nothing runs the user's code. */
interface PoolReports {

    /** A task has come back from a worker. */
    void ended(Slot slot, Task<?> task, Ending ending);

    /** A worker does not run any more what was given up. */
    void freed(Slot slot, long life);

    /** A life of a worker begins; returns its number, 0 if it is not wanted. */
    long starting(Slot slot);

    /** A worker is there and runs its start task. */
    void entered(Slot slot, long life);

    /** A worker takes tasks; returns false if it is not wanted. */
    boolean ready(Slot slot, long life, Worker worker);

    /** A life has ended, or did not begin. */
    void gone(Slot slot, long life, @Nullable Throwable failure);

    /** A worker has ended too often, and pauses. */
    void tripped(String name, @Nullable Throwable failure);

    /** A worker has ended for good. */
    void removed(Slot slot);

    /** A worker takes nothing. */
    void stalled(Slot slot, Duration since);

    /** A worker's memory was looked at. */
    void memory(Slot slot, long life, long residentBytes);
}
