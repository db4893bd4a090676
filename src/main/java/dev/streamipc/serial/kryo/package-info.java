/**
 * The binary serializer between two JVMs, on Kryo's byte format.
 *
 * <p>API. Floor 3: names {@code serial} and {@code message}, and it alone names Kryo. A type is read through a {@code
 * Form}, which knows its bytes; forms are made once for each codec, from the types that both sides share.
 */
@NullMarked
package dev.streamipc.serial.kryo;

import org.jspecify.annotations.NullMarked;
