package dev.streamipc.session;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a control frame's JSON object, asked for by kind; what is missing or of another kind is an IOException. */
record JsonFields(Map<?, ? extends @Nullable Object> map) {

    static JsonFields of(String where, @Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            return new JsonFields(map);
        }
        throw wrong(where, "object", value);
    }

    String text(String name) throws IOException {
        if (map.get(name) instanceof String text) {
            return text;
        }
        throw wrong(name, "text", map.get(name));
    }

    @Nullable
    String textOrNull(String name) throws IOException {
        return map.get(name) == null ? null : text(name);
    }

    long number(String name) throws IOException {
        if (map.get(name) instanceof Long number) {
            return number;
        }
        throw wrong(name, "integer", map.get(name));
    }

    boolean has(String name) {
        return map.get(name) != null;
    }

    List<?> list(String name) throws IOException {
        if (map.get(name) instanceof List<?> list) {
            return list;
        }
        throw wrong(name, "array", map.get(name));
    }

    List<String> texts(String name) throws IOException {
        List<String> texts = new ArrayList<>();
        for (Object value : list(name)) {
            if (!(value instanceof String text)) {
                throw wrong(name, "array of texts", value);
            }
            texts.add(text);
        }
        return texts;
    }

    JsonFields object(String name) throws IOException {
        return of(name, map.get(name));
    }

    static int asInt(String where, @Nullable Object value) throws IOException {
        if (value instanceof Long number && number == number.intValue()) {
            return number.intValue();
        }
        throw wrong(where, "small integer", value);
    }

    private static IOException wrong(String where, String expected, @Nullable Object found) {
        String kind = found == null ? "nothing" : found.getClass().getSimpleName();
        return new IOException(
                "malformed control frame: field=" + where + ", expected=" + expected + ", found=" + kind);
    }
}
