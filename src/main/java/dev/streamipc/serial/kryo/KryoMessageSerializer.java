package dev.streamipc.serial.kryo;

import dev.streamipc.serial.FieldTypes;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.Patterns;
import dev.streamipc.serial.SharedTypes;
import dev.streamipc.serial.TypeRegistry;

/**
 * The binary serializer between two JVMs: compact and fast, for types that both sides declare alike.
 *
 * <p>Bytes are written and read by Kryo's {@code Output} and {@code Input}; which class may stand where is decided
 * here. Only the shared types and a fixed list of JDK values are written or read, under fixed numbers: no class name is
 * ever looked up, no claimed length is believed, values nest 64 deep at most, and a value of another class than the
 * field asks for is refused. What may be a field is said by {@link FieldTypes}. A {@code ByteBuffer} travels as the bytes
 * that are left in it and comes back on the heap, big-endian; a {@code Pattern} has at most {@link Patterns#MAX_CHARS}
 * characters; addresses are never looked up; an {@code AtomicReference} or another value that may change is written as
 * it is then. A list, set or map of a class that is not on the list comes back as an equal one that is
 * unmodifiable; shared references and cycles are not kept. A {@code Kryo} object is not used: making one costs 40 ms,
 * and on newer JDKs a warning on stderr.
 *
 * <p>Immutable; safe for all threads. Loads nothing of Kryo before {@link #codec}.
 */
public final class KryoMessageSerializer implements MessageSerializer {

    /** Makes the serializer. */
    public KryoMessageSerializer() {}

    /**
     * Returns {@code kryo}.
     *
     * @return the name
     */
    @Override
    public String name() {
        return "kryo";
    }

    /**
     * Holds the fields of all records against {@link FieldTypes}.
     *
     * @throws IllegalArgumentException if one has a type that can't travel
     */
    @Override
    public void check(TypeRegistry registry) {
        FieldTypes.check(registry);
    }

    /**
     * Makes a codec.
     *
     * @throws IllegalArgumentException if a record is in a module that does not open its package to this library
     */
    @Override
    public Codec codec(SharedTypes types) {
        return new KryoCodec(types);
    }

    /**
     * Returns true: no field names are written.
     *
     * @return true
     */
    @Override
    public boolean needsEqualShapes() {
        return true;
    }
}
