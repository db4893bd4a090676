package dev.streamipc.dispatch;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** What a pool is told of its workers. For all threads; nothing here blocks, and nothing runs the user's code. */
interface PoolReports {

    /** A task has come back from a worker. */
    void ended(Slot slot, Task<?> task, Ending ending);

    /** Returns how long a task may take that is about to be sent; null if its time has passed. */
    @Nullable
    Duration limitNow(Task<?> task);

    /** A worker does not run any more what was given up. */
    void freed(Slot slot, long life);

    /** A life of a worker begins; returns its number, 0 if it is not wanted. */
    long starting(Slot slot);

    /** A worker is there and runs its start task. */
    void entered(Slot slot, long life, OptionalLong pid);

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

    /** A task that found the queue full is run by who hands it in; returns how long it may take, null if it is refused. */
    @Nullable
    Duration takenAside(Task<?> task, Worker caller);

    /** Such a task has ended. */
    void endedAside(Task<?> task, Ending ending);

    /**
     * The number of workers has changed that could not be ended, and still run what was given up.
     *
     * @param running how many there are now
     * @param most so many, and no more tasks are taken
     */
    void abandoned(IntSupplier running, int most);

    /** A worker's memory was looked at. */
    void memory(Slot slot, long life, long residentBytes);
}
