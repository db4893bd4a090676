package dev.streamipc.serial.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The small JSON objects of the protocol itself: HELLO, READY, FAILURE, GOODBYE. Safe for all threads.
 *
 * <p>Values are {@code String}, {@code Long}, {@code Double}, {@code Boolean}, {@code List}, {@code Map} and null; they
 * nest 16 deep at most, the object itself included.
 */
public final class ControlJson {

    private static final int MAX_DEPTH = 16;
    /** Not one for each thread, which is what is usual: that of each session's reader would be there for its HELLO alone. */
    private static final int MOST_SPARE_BUFFERS = 4;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .streamWriteConstraints(
                    StreamWriteConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .recyclerPool(JsonRecyclerPools.newBoundedPool(MOST_SPARE_BUFFERS))
            .build();

    private ControlJson() {}

    /**
     * Writes an object. Does not block.
     *
     * @param object its fields, in the order of the map; {@code Integer} and other {@code Number}s are allowed as well
     * @return UTF-8 bytes
     * @throws IllegalArgumentException if a value is of another type, is no finite number, or nests too deep
     */
    public static byte[] write(Map<String, ? extends @Nullable Object> object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            writeObject(out, object);
        } catch (IOException e) {
            throw new IllegalArgumentException("object can't be written as JSON: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads an object. Does not block.
     *
     * @param bytes an array that holds the object
     * @param offset index of its first byte
     * @param length number of its bytes
     * @return its fields in their order, a map of the caller's
     * @throws IOException if the bytes are not one well-formed object in UTF-8, name a field twice, go on behind the
     *     object, nest too deep, or hold an integer beyond 64 bits or a number beyond a double
     */
    public static Map<String, @Nullable Object> read(byte[] bytes, int offset, int length) throws IOException {
        Utf8.check(bytes, offset, length);
        try (JsonParser in = FACTORY.createParser(bytes, offset, length)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("JSON object expected: token=" + in.currentToken() + ", lengthBytes=" + length);
            }
            Map<String, @Nullable Object> object = readObject(in);
            if (in.nextToken() != null) {
                throw new IOException("bytes behind the JSON object: byteOffset="
                        + in.currentTokenLocation().getByteOffset() + ", lengthBytes=" + length);
            }
            return object;
        }
    }

    private static void writeObject(JsonGenerator out, Map<?, ?> object) throws IOException {
        out.writeStartObject();
        for (Map.Entry<?, ?> field : object.entrySet()) {
            out.writeFieldName((String) field.getKey());
            writeValue(out, field.getValue());
        }
        out.writeEndObject();
    }

    private static void writeList(JsonGenerator out, List<?> list) throws IOException {
        out.writeStartArray();
        for (Object each : list) {
            writeValue(out, each);
        }
        out.writeEndArray();
    }

    private static void writeValue(JsonGenerator out, @Nullable Object value) throws IOException {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof String text) {
            out.writeString(text);
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value instanceof Double || value instanceof Float) {
            out.writeNumber(finite(((Number) value).doubleValue()));
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            out.writeNumber(((Number) value).longValue());
        } else if (value instanceof List<?> list) {
            writeList(out, list);
        } else if (value instanceof Map<?, ?> object) {
            writeObject(out, object);
        } else {
            throw new IOException(
                    "no JSON for a value: class=" + value.getClass().getName());
        }
    }

    private static Map<String, @Nullable Object> readObject(JsonParser in) throws IOException {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            in.nextToken();
            object.put(name, readValue(in));
        }
        return object;
    }

    private static List<@Nullable Object> readList(JsonParser in) throws IOException {
        List<@Nullable Object> list = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            list.add(readValue(in));
        }
        return list;
    }

    private static @Nullable Object readValue(JsonParser in) throws IOException {
        return switch (in.currentToken()) {
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT -> in.getLongValue();
            case VALUE_NUMBER_FLOAT -> finite(in.getDoubleValue());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case START_OBJECT -> readObject(in);
            case START_ARRAY -> readList(in);
            default -> throw new IOException("JSON value expected: token=" + in.currentToken());
        };
    }

    private static double finite(double number) throws IOException {
        if (Double.isInfinite(number) || Double.isNaN(number)) {
            throw new IOException("number is not finite: number=" + number);
        }
        return number;
    }
}
