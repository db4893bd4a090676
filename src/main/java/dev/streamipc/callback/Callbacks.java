package dev.streamipc.callback;

import dev.streamipc.clock.Scheduler;
import java.util.concurrent.Executor;

/**
 * Where dependents of futures run, and the clock that finds out whether they do.
 *
 * @param executor the user's, or one thread of the session
 * @param scheduler the clock
 * @param spare runs what {@code executor} does not
 */
public record Callbacks(Executor executor, Scheduler scheduler, Executor spare) {}
