package dev.streamipc.serial.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Writes what is made of bytes as base64. Jackson's own writes other bytes of a buffer than those that are left in it. */
final class BytesWriter extends StdScalarSerializer<Object> {

    private static final long serialVersionUID = 1L;

    private BytesWriter(Class<?> type) {
        super(type, false);
    }

    static @Nullable BytesWriter of(Class<?> type) {
        return type == BitSet.class || ByteBuffer.class.isAssignableFrom(type) ? new BytesWriter(type) : null;
    }

    @Override
    public void serialize(Object value, JsonGenerator out, SerializerProvider provider) throws IOException {
        if (value instanceof BitSet bits) {
            out.writeBinary(bits.toByteArray());
            return;
        }
        ByteBuffer left = ((ByteBuffer) value).duplicate();
        byte[] bytes = new byte[left.remaining()];
        left.get(bytes);
        out.writeBinary(bytes);
    }
}
