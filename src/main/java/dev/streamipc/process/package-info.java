/**
 * Child processes: what to run, how to start it, its stderr, its end.
 *
 * <p>API. Floor 2: names {@code channel}, {@code message}, slf4j. Knows neither frames nor sessions.
 */
@NullMarked
package dev.streamipc.process;

import org.jspecify.annotations.NullMarked;
