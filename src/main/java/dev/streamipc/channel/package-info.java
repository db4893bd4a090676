/**
 * Two-way streams of bytes to one other side: stdio, plain streams, memory, and whatever a user brings.
 *
 * <p>API. Floor 1: names nothing but the JDK. Knows nothing of frames or messages.
 */
@NullMarked
package dev.streamipc.channel;

import org.jspecify.annotations.NullMarked;
