package dev.streamipc.serial.json;

import dev.streamipc.serial.FieldTypes;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.SharedTypes;
import dev.streamipc.serial.TypeRegistry;
import org.jspecify.annotations.Nullable;

/**
 * The serializer that every language can speak: each message is a JSON object with the record's field names, as {@code
 * docs/PROTOCOL.md} section 9 says. Unknown fields are ignored, so the two sides may declare a type differently.
 *
 * <p>What may be a field is said by {@link FieldTypes}; of interfaces, only sealed ones and those of collections are read. A
 * {@code ByteBuffer} travels as the bytes that are left in it and comes back on the heap, big-endian; a network address
 * travels without the host name that it may have, and is never looked up; a {@code Pattern} as its text, so its flags must
 * stand in there.
 *
 * <p>Strict: what is not written as the protocol says is refused, not converted. Annotations of Jackson on the user's
 * records are not looked at. A number has at most 10,000 digits; everything else is bounded by the session's limit.
 *
 * <p>Safe for all threads. Loads nothing of Jackson before {@link #codec}.
 */
public final class JsonMessageSerializer implements MessageSerializer {

    /** The newest; sessions with the same types, such as those of a pool, share it. Guarded by this. */
    private @Nullable JsonFormat newest;

    /** Makes the serializer. */
    public JsonMessageSerializer() {}

    /**
     * Returns {@code json}.
     *
     * @return the name
     */
    @Override
    public String name() {
        return "json";
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

    @Override
    public Codec codec(SharedTypes types) {
        return new JsonCodec(types, format(types));
    }

    private synchronized JsonFormat format(SharedTypes types) {
        SharedNames names = SharedNames.of(types);
        JsonFormat format = newest;
        if (format == null || !format.names().equals(names)) {
            format = JsonFormat.of(names);
            newest = format;
        }
        return format;
    }
}
