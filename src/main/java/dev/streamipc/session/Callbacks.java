package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import java.util.concurrent.Executor;

/**
 * Where dependents of futures run, and the clock that finds out whether they do.
 *
 * @param executor the user's, or one thread of the session
 * @param spare runs what {@code executor} does not
 */
record Callbacks(Executor executor, Scheduler scheduler, Executor spare) {}
