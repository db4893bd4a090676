package dev.streamipc.dispatch;

import dev.streamipc.message.Message;
import dev.streamipc.message.Phase;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One life of a worker that is ready, as a pool sees it. For all threads; nothing here blocks. */
interface Worker {

    /** Takes the outcome of a task; on any thread, also one that reads: it neither blocks nor sends there. */
    @FunctionalInterface
    interface Outcome {

        /**
         * The task has ended on the worker.
         *
         * @param failure null if there is an answer; one of {@code IpcFailure}
         */
        void take(@Nullable Message answer, @Nullable Throwable failure);
    }

    /** Returns the process; empty if there is none of its own. */
    OptionalLong pid();

    /**
     * Sends a task.
     *
     * @param limit how long it may take
     * @param outcome told once, perhaps before this returns
     */
    void run(Task<?> task, Duration limit, Outcome outcome);

    /** Runs what may send, behind what was given to it before, on a thread that may wait. */
    void execute(Runnable sending);

    /** Returns whether a task has begun for certain. */
    boolean hasBegun(Task<?> task);

    /** Asks for an end of a task, whose caller has gone, and returns how far it had come. */
    Phase giveUp(Task<?> task, String reason);

    /**
     * Finds out whether it still runs what was given up.
     *
     * @param free runs once it does not; not at all if it ends, or the limit is over
     */
    void probe(Duration limit, Runnable free);

    /** Ends it by force, or leaves it behind where there is none; a second time does nothing. */
    void kill();

    /** Returns whether force ends it. */
    default boolean canBeKilled() {
        return true;
    }

    /** Returns whether all that it ever sent has come in whole, so that the lack of a sign means something. */
    boolean isHeardWhole();
}
