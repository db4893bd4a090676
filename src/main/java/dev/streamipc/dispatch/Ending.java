package dev.streamipc.dispatch;

import dev.streamipc.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * How a task came back from a worker.
 *
 * @param life of the worker that had it
 * @param answer null if there is a failure
 * @param failure null if there is an answer
 */
record Ending(long life, @Nullable Message answer, @Nullable Throwable failure) {}
