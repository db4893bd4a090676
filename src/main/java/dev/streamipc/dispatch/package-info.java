/**
 * API. Pools: a {@link dev.streamipc.dispatch.Dispatcher} accepts tasks and gives each to a worker, a child process or a thread, that
 * is watched, replaced and recycled. Every task ends, and says why.
 *
 * <p>Floor 5: names {@code session} and all below it, and {@code supervise}.
 */
@NullMarked
package dev.streamipc.dispatch;

import org.jspecify.annotations.NullMarked;
