/**
 * JSON: the serializer that every language can speak, and the small objects of the protocol itself.
 *
 * <p>API. Floor 3: names {@code serial} and {@code message}, and it alone names Jackson.
 */
@NullMarked
package dev.streamipc.serial.json;

import org.jspecify.annotations.NullMarked;
