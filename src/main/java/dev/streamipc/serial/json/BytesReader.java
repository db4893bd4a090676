package dev.streamipc.serial.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.BitSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads bytes from base64 with padding, RFC 4648 section 4. Jackson's own also takes blanks and arrays of numbers. */
final class BytesReader extends StdScalarDeserializer<Object> {

    private static final long serialVersionUID = 1L;

    private static final int CHARS_PER_GROUP = 4;

    private static final Set<Class<?>> TYPES = Set.of(byte[].class, ByteBuffer.class, BitSet.class);

    private BytesReader(Class<?> type) {
        super(type);
    }

    static @Nullable BytesReader of(Class<?> type) {
        return TYPES.contains(type) ? new BytesReader(type) : null;
    }

    @Override
    public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
        String text = in.hasToken(JsonToken.VALUE_STRING) ? in.getText() : null;
        if (text == null || text.length() % CHARS_PER_GROUP != 0) {
            return context.reportInputMismatch(this, "base64 with padding expected: token=%s", in.currentToken());
        }
        try {
            return made(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw JsonMappingException.from(context, "no base64: " + e.getMessage(), e);
        }
    }

    private Object made(byte[] bytes) {
        Class<?> type = handledType();
        return type == byte[].class ? bytes : type == BitSet.class ? BitSet.valueOf(bytes) : ByteBuffer.wrap(bytes);
    }
}
