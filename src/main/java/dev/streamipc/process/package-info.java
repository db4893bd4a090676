/**
 * Child processes: what to run, how to start it, its stderr, its end.
 *
 * <p>API. Floor 2: names {@code channel}, {@code flight}, {@code message}, slf4j. Knows neither frames nor sessions.
 *
 * <p>Each child has two threads in the parent: {@code streamipc-stderr-<name>} drains its stderr, {@code
 * streamipc-exit-<name>} waits for its end. {@code streamipc-side-<name>} closes what may block, {@code
 * streamipc-archive} makes a class archive. All are daemons. Each class with a lock takes no other lock while it holds its
 * own.
 */
@NullMarked
package dev.streamipc.process;

import org.jspecify.annotations.NullMarked;
