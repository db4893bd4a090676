/**
 * Supervisor trees, in the words and with the semantics of Erlang/OTP, over anything that starts and ends.
 *
 * <p>API. Floor 2: names the clock and slf4j. Knows neither processes nor sessions: what is supervised shows itself as a
 * {@link dev.streamipc.supervise.Supervised}.
 *
 * <p>Each supervisor is a pure function from state and event to state and actions. Its events go through one queue
 * without a lock; whoever puts one there and finds nobody at work does the work, so that a supervisor has no thread of
 * its own. Code of users runs on the executor alone, time comes from the {@link dev.streamipc.clock.Scheduler}
 * alone.
 */
@NullMarked
package dev.streamipc.supervise;

import org.jspecify.annotations.NullMarked;
