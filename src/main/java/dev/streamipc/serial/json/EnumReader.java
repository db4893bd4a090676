package dev.streamipc.serial.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Reads the constant of an enum from its exact name. Jackson's own also takes positions and trims blanks. */
final class EnumReader extends StdScalarDeserializer<Object> {

    private static final long serialVersionUID = 1L;

    private final transient Map<String, Object> byName = new HashMap<>();

    EnumReader(Class<?> type) {
        super(type);
        for (Object constant : type.getEnumConstants()) {
            byName.put(((Enum<?>) constant).name(), constant);
        }
    }

    @Override
    public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
        Object constant = in.hasToken(JsonToken.VALUE_STRING) ? byName.get(in.getText()) : null;
        if (constant == null) {
            return context.reportInputMismatch(
                    this, "no such constant: enum=%s, names=%s", handledType().getName(), byName.keySet());
        }
        return constant;
    }
}
