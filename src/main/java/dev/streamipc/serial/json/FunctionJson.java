package dev.streamipc.serial.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import dev.streamipc.message.FunctionCall;
import dev.streamipc.message.FunctionValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls of functions and their values, whose types nobody knows yet when they are read. */
final class FunctionJson {

    private FunctionJson() {}

    /** Reads what stands in either of the two; a null is one already. */
    private static @Nullable RawJson raw(JsonParser in, DeserializationContext context) throws IOException {
        if (in.hasToken(JsonToken.VALUE_NULL)) {
            return null;
        }
        AttachmentJson.Message attached = new AttachmentJson.Message();
        attached.in = ((AttachmentJson.Message) context.getAttribute(AttachmentJson.Message.KEY)).in;
        return new RawJson(in, (ObjectMapper) in.getCodec(), attached);
    }

    /** Reads a call. */
    static final class CallReader extends StdDeserializer<FunctionCall> {

        private static final long serialVersionUID = 1L;

        CallReader() {
            super(FunctionCall.class);
        }

        @Override
        public FunctionCall deserialize(JsonParser in, DeserializationContext context) throws IOException {
            String function = null;
            List<@Nullable Object> arguments = new ArrayList<>();
            requireObject(this, in, context);
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                JsonToken token = in.nextToken();
                if (name.equals("function") && token == JsonToken.VALUE_STRING) {
                    function = in.getText();
                } else if (name.equals("arguments") && token == JsonToken.START_ARRAY) {
                    while (in.nextToken() != JsonToken.END_ARRAY) {
                        arguments.add(raw(in, context));
                    }
                } else if (name.equals("arguments") && token != JsonToken.VALUE_NULL) {
                    context.reportInputMismatch(this, "list of arguments expected: token=%s", token);
                } else {
                    in.skipChildren();
                }
            }
            if (function == null) {
                return context.reportInputMismatch(this, "name of a function expected: field=function");
            }
            return new FunctionCall(function, arguments);
        }
    }

    /** Reads a value. */
    static final class ValueReader extends StdDeserializer<FunctionValue> {

        private static final long serialVersionUID = 1L;

        ValueReader() {
            super(FunctionValue.class);
        }

        @Override
        public FunctionValue deserialize(JsonParser in, DeserializationContext context) throws IOException {
            Object value = null;
            requireObject(this, in, context);
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                in.nextToken();
                if (name.equals("value")) {
                    value = raw(in, context);
                } else {
                    in.skipChildren();
                }
            }
            return new FunctionValue(value);
        }
    }

    private static void requireObject(StdDeserializer<?> reader, JsonParser in, DeserializationContext context)
            throws IOException {
        if (!in.hasToken(JsonToken.START_OBJECT)) {
            context.reportInputMismatch(reader, "object expected: token=%s", in.currentToken());
        }
    }

    /** Hands on what came in, as it came. */
    static final class RawWriter extends StdScalarSerializer<RawJson> {

        private static final long serialVersionUID = 1L;

        RawWriter() {
            super(RawJson.class);
        }

        @Override
        public void serialize(RawJson value, JsonGenerator out, SerializerProvider provider) throws IOException {
            value.write(out);
        }
    }
}
