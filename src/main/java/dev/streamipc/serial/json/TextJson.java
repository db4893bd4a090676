package dev.streamipc.serial.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;

/** Reads and writes the values that travel as text, in place and as keys of maps. */
final class TextJson {

    private TextJson() {}

    static final class Writer extends StdScalarSerializer<Object> {

        private static final long serialVersionUID = 1L;

        private final TextValue value;

        Writer(TextValue value) {
            super(value.type(), false);
            this.value = value;
        }

        @Override
        public void serialize(Object object, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(value.text(object));
        }
    }

    static final class KeyWriter extends StdSerializer<Object> {

        private static final long serialVersionUID = 1L;

        private final TextValue value;

        KeyWriter(TextValue value) {
            super(value.type(), false);
            this.value = value;
        }

        @Override
        public void serialize(Object object, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeFieldName(value.text(object));
        }
    }

    static final class Reader extends StdScalarDeserializer<Object> {

        private static final long serialVersionUID = 1L;

        private final TextValue value;

        Reader(TextValue value) {
            super(value.type());
            this.value = value;
        }

        @Override
        public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
            if (!in.hasToken(JsonToken.VALUE_STRING)) {
                return context.reportInputMismatch(this, "text expected: token=%s", in.currentToken());
            }
            return parsed(value, in.getText(), context);
        }
    }

    static final class KeyReader extends KeyDeserializer {

        private final TextValue value;

        KeyReader(TextValue value) {
            this.value = value;
        }

        @Override
        public Object deserializeKey(String key, DeserializationContext context) throws IOException {
            return parsed(value, key, context);
        }
    }

    private static Object parsed(TextValue value, String text, DeserializationContext context) throws IOException {
        try {
            return value.parsed(text);
        } catch (RuntimeException e) {
            throw JsonMappingException.from(context, "no " + value.type().getName() + ": " + e.getMessage(), e);
        }
    }
}
