package dev.streamipc.serial.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.FunctionCall;
import dev.streamipc.message.FunctionValue;
import dev.streamipc.message.Message;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.SharedTypes;
import dev.streamipc.serial.TypeRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Calls of functions and their values as JSON: what their types are is said by who takes them. */
class FunctionJsonTest {

    sealed interface Shape permits Circle {}

    record Circle(double radius) implements Shape, Message {}

    private final MessageSerializer.Codec codec = codec();

    private static MessageSerializer.Codec codec() {
        TypeRegistry registry = TypeRegistry.of(List.of(Circle.class));
        SharedTypes types = registry.agree(registry.entries(), false);
        return new JsonMessageSerializer().codec(types);
    }

    private <M extends Message> M read(Class<M> type, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return type.cast(codec.decode(type, bytes, 0, bytes.length));
    }

    private String written(Message message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        codec.encode(message, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void callIsANameAndAList() throws IOException {
        String json = "{\"function\":\"resize\",\"arguments\":[\"a.png\",0.5,null,{\"radius\":2.0}]}";

        assertEquals(json, written(FunctionCall.of("resize", "a.png", 0.5, null, new Circle(2))));
        FunctionCall call = read(FunctionCall.class, json);
        assertEquals("a.png", call.at(0, String.class));
        assertEquals(0.5, call.at(1, double.class));
        assertNull(call.at(2, String.class));
        assertEquals(new Circle(2), call.at(3, Circle.class));
        assertEquals(json, written(call));
    }

    @Test
    void valueStandsAlone() throws IOException {
        assertEquals("{\"value\":[1,true]}", written(new FunctionValue(List.of(1, true))));
        assertEquals("{\"value\":null}", written(new FunctionValue(null)));
        assertNull(read(FunctionValue.class, "{}").value());
        assertEquals(
                Instant.EPOCH,
                read(FunctionValue.class, "{\"more\":[1],\"value\":\"1970-01-01T00:00:00Z\"}")
                        .as(Instant.class));
    }

    @Test
    void numbersKeepAllTheirDigits() throws IOException {
        String digits = "1234567890123456789012345678901234567890";
        FunctionCall call = read(
                FunctionCall.class,
                "{\"function\":\"f\",\"arguments\":[" + digits + ",0." + digits + ",9007199254740993,1.10]}");

        assertEquals(new BigInteger(digits), call.at(0, BigInteger.class));
        assertEquals(new BigDecimal("0." + digits), call.at(1, BigDecimal.class));
        assertEquals(9_007_199_254_740_993L, call.at(2, long.class));
        assertEquals(new BigDecimal("1.10"), call.at(3, BigDecimal.class));
    }

    @Test
    void objectIsWhatCame() throws IOException {
        FunctionValue value = read(FunctionValue.class, "{\"value\":{\"a\":[1,1.5,\"x\",false,null]}}");

        assertEquals(Map.of("a", Arrays.asList(1, 1.5, "x", false, null)), value.as(Object.class));
        assertEquals("FunctionValue[value={a=[1, 1.5, x, false, null]}]", value.toString());
        assertEquals(value, read(FunctionValue.class, "{ \"value\" : { \"a\" : [1,1.5,\"x\",false,null] } }"));
        assertEquals(value.hashCode(), read(FunctionValue.class, written(value)).hashCode());
        assertNotEquals(value, read(FunctionValue.class, "{\"value\":1}"));
        assertNotEquals(value, new FunctionValue(1));
    }

    @Test
    void valueOfASealedInterfaceIsOneOfItsOwnClass() throws IOException {
        FunctionValue value = read(FunctionValue.class, written(new FunctionValue(new Circle(1))));

        assertEquals(new Circle(1), value.as(Circle.class));
        assertThrows(RuntimeException.class, () -> value.as(Shape.class));
        assertEquals(
                new Circle(1),
                read(FunctionValue.class, "{\"value\":{\"FunctionJsonTest.Circle\":{\"radius\":1}}}")
                        .as(Shape.class));
    }

    @Test
    void refusalSaysWhatWasExpectedAndFound() throws IOException {
        assertRefused("1.5", "expected=int, found=float");
        assertRefused("\"1\"", "expected=int, found=text");
        assertRefused("true", "expected=int, found=boolean");
        assertRefused("[1]", "expected=int, found=list");
        assertRefused("{}", "expected=int, found=object");
        assertRefused("12345678901", "expected=int, found=integer");
    }

    private void assertRefused(String json, String expected) throws IOException {
        FunctionCall call = read(FunctionCall.class, "{\"function\":\"f\",\"arguments\":[" + json + "]}");
        IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, () -> call.at(0, int.class));

        assertTrue(String.valueOf(failure.getMessage()).contains(expected), failure.getMessage());
    }

    @Test
    void whatIsNoCallIsRefused() throws IOException {
        for (String json : List.of(
                "[]",
                "{}",
                "{\"function\":5}",
                "{\"function\":null}",
                "{\"function\":\"f\",\"arguments\":{}}",
                "{\"function\":\"f\",\"arguments\":[{\"a\":1,\"a\":2}]}",
                "{\"function\":\"f\",\"arguments\":[}",
                "{\"function\":\"f\",\"arguments\":" + "[".repeat(100) + "]".repeat(100) + "}")) {
            assertThrows(IOException.class, () -> read(FunctionCall.class, json), json);
        }
        assertThrows(IOException.class, () -> read(FunctionValue.class, "5"));
        assertEquals(0, read(FunctionCall.class, "{\"function\":\"f\"}").count());
        assertEquals(
                0,
                read(FunctionCall.class, "{\"function\":\"f\",\"arguments\":null,\"x\":1}")
                        .count());
    }
}
