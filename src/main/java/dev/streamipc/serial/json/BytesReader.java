package dev.streamipc.serial.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.util.Base64;

/** Reads bytes from base64 with padding, RFC 4648 section 4. Jackson's own also takes blanks and arrays of numbers. */
final class BytesReader extends StdScalarDeserializer<byte[]> {

    private static final long serialVersionUID = 1L;

    private static final int CHARS_PER_GROUP = 4;

    BytesReader() {
        super(byte[].class);
    }

    @Override
    public byte[] deserialize(JsonParser in, DeserializationContext context) throws IOException {
        String text = in.hasToken(JsonToken.VALUE_STRING) ? in.getText() : null;
        if (text == null || text.length() % CHARS_PER_GROUP != 0) {
            return context.reportInputMismatch(this, "base64 with padding expected: token=%s", in.currentToken());
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw JsonMappingException.from(context, "no base64: " + e.getMessage(), e);
        }
    }
}
