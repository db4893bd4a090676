/**
 * The words that programs exchange: messages, and the failures that end a call.
 *
 * <p>API. Floor 1: names nothing but the JDK. Values only, no behaviour.
 */
@NullMarked
package dev.streamipc.message;

import org.jspecify.annotations.NullMarked;
