package dev.streamipc.dispatch;

import dev.streamipc.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * How a task came back from a worker.
 *
 * @param life of the worker that had it
 * @param answer null if there is a failure
 * @param failure null if there is an answer
 * @param isHeardWhole whether all that this worker ever sent has come in, so that the lack of a sign means something
 */
record Ending(long life, @Nullable Message answer, @Nullable Throwable failure, boolean isHeardWhole) {

    /** How it came back where the lack of a sign means nothing. */
    Ending(long life, @Nullable Message answer, @Nullable Throwable failure) {
        this(life, answer, failure, false);
    }
}
