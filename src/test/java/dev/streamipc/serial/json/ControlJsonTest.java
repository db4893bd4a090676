package dev.streamipc.serial.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ControlJsonTest {

    @Test
    void objectComesBackEqual() throws IOException {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("half a character", "\ud800");
        object.put("text", "\u20ac \" \\ \n \0");
        object.put("number", Long.MIN_VALUE);
        object.put("ratio", 0.5);
        object.put("flag", true);
        object.put("none", null);
        object.put("list", Arrays.asList(1L, null, List.of(), Map.of("a", "b")));
        object.put("", Map.of());

        Map<String, @Nullable Object> again = read(ControlJson.write(object));

        assertEquals(object, again);
        assertEquals(List.copyOf(object.keySet()), List.copyOf(again.keySet()));
    }

    @Test
    void bytesAreCompactUtf8InTheOrderOfTheMap() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("reads", "pump \u20ac");
        object.put("versions", List.of(1, 1));

        assertEquals(
                "{\"reads\":\"pump \u20ac\",\"versions\":[1,1]}",
                new String(ControlJson.write(object), StandardCharsets.UTF_8));
    }

    @Test
    void objectIsReadInPlace() throws IOException {
        byte[] bytes = "{{\"a\":1}}".getBytes(StandardCharsets.UTF_8);

        assertEquals(Map.of("a", 1L), ControlJson.read(bytes, 1, bytes.length - 2));
    }

    @Test
    void whatIsNotOneObjectIsRefused() {
        for (String text : List.of(
                "",
                " ",
                "null",
                "1",
                "\"a\"",
                "[]",
                "[{}]",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":1}}",
                "{\"a\":1} x",
                "{\"a\":1}{}",
                "{\"a\":1,\"a\":1}",
                "{\"a\":{\"b\":1,\"\\u0062\":2}}",
                "{\"a\":NaN}",
                "{\"a\":1e999}",
                "{\"a\":-Infinity}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":tru}",
                "{\"a\":9223372036854775808}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\x\"}",
                "/**/{}",
                "{\"a\":[1 2]}",
                "\ufeff{}")) {
            assertThrows(IOException.class, () -> read(text.getBytes(StandardCharsets.UTF_8)), text);
        }
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        assertThrows(IOException.class, () -> read(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}));
        assertThrows(
                IOException.class, () -> read(new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'}));
        assertThrows(IOException.class, () -> read("{\"a\":1}".getBytes(StandardCharsets.UTF_16LE)));
        assertThrows(IOException.class, () -> read("{\"a\":1}".getBytes(StandardCharsets.UTF_16)));
    }

    @Test
    void nestingOverTheLimitIsRefusedBothWays() throws IOException {
        String inside = "[".repeat(15) + "]".repeat(15);
        assertEquals(
                1,
                read(("{\"a\":" + inside + "}").getBytes(StandardCharsets.UTF_8))
                        .size());

        String deeper = "{\"a\":[" + inside + "]}";
        assertThrows(IOException.class, () -> read(deeper.getBytes(StandardCharsets.UTF_8)));
        assertThrows(IOException.class, () -> read("{\"a\":".repeat(200_000).getBytes(StandardCharsets.UTF_8)));
        Object value = List.of();
        for (int depth = 0; depth < 15; depth++) {
            value = List.of(value);
        }
        Map<String, Object> object = Map.of("a", value);
        assertThrows(IllegalArgumentException.class, () -> ControlJson.write(object));
    }

    @Test
    void valueWithoutJsonIsNotWritten() {
        for (Object value : List.of(Double.NaN, Float.POSITIVE_INFINITY, BigInteger.ONE, new Object())) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> ControlJson.write(Map.of("a", value)));
            assertTrue(refused.getMessage().startsWith("object can't be written as JSON: "), refused.getMessage());
        }
    }

    @Test
    void mapIsTheCallers() throws IOException {
        Map<String, @Nullable Object> object = read("{}".getBytes(StandardCharsets.UTF_8));
        object.put("added", 1L);

        assertEquals(new HashMap<>(Map.of("added", 1L)), object);
    }

    @Test
    void bytesBehindTheObjectAreNamed() {
        IOException refused =
                assertThrows(IOException.class, () -> read("{\"a\":1} {}".getBytes(StandardCharsets.UTF_8)));

        assertEquals("bytes behind the JSON object: byteOffset=8, lengthBytes=10", refused.getMessage());
    }

    private static Map<String, @Nullable Object> read(byte[] bytes) throws IOException {
        return ControlJson.read(bytes, 0, bytes.length);
    }
}
