/**
 * Message to payload and back: the serializers' contract and the registry of types.
 *
 * <p>API. Floor 2: names {@code message}. Never sees a channel or a thread.
 */
@NullMarked
package dev.streamipc.serial;

import org.jspecify.annotations.NullMarked;
