package dev.streamipc.serial.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.LogMessage;
import dev.streamipc.message.Message;
import dev.streamipc.serial.MessageSerializer.Codec;
import dev.streamipc.serial.SampleMessages.Boxes;
import dev.streamipc.serial.SampleMessages.Bytes;
import dev.streamipc.serial.SampleMessages.Circle;
import dev.streamipc.serial.SampleMessages.Looks;
import dev.streamipc.serial.SampleMessages.Numbers;
import dev.streamipc.serial.SampleMessages.Positive;
import dev.streamipc.serial.SampleMessages.Shape;
import dev.streamipc.serial.SampleMessages.Small;
import dev.streamipc.serial.SampleMessages.Special;
import dev.streamipc.serial.SampleMessages.Tree;
import dev.streamipc.serial.SampleMessages.Values;
import dev.streamipc.serial.TypeEntry;
import dev.streamipc.serial.TypeRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JsonCodecTest {

    private final TypeRegistry registry = TypeRegistry.of(List.of(
            Drawing.class,
            Numbered.class,
            Keys.class,
            Small.class,
            Numbers.class,
            Boxes.class,
            Values.class,
            Bytes.class,
            Tree.class,
            Looks.class,
            Positive.class));
    private final Codec codec = new JsonMessageSerializer().codec(registry.agree(registry.entries(), false));

    @Test
    void fieldsAreWrittenAsTheRecordHasThem() throws IOException {
        assertEquals("{\"number\":3}", json(new Looks(3)));
        assertEquals("{\"message\":\"a\",\"level\":\"INFO\"}", json(new LogMessage("a")));
    }

    @Test
    void decimalWithoutAFractionComesBack() throws IOException {
        for (String text : List.of("14", "14E+1", "-0", "1.50", "1E-30")) {
            Exact exact = new Exact(new BigDecimal(text), List.of(new BigDecimal(text)));
            TypeRegistry own = TypeRegistry.of(List.of(Exact.class));
            Codec exactly = new JsonMessageSerializer().codec(own.agree(own.entries(), false));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            exactly.encode(exact, out);

            assertEquals(exact, exactly.decode(Exact.class, out.toByteArray(), 0, out.size()));
        }
    }

    record Exact(BigDecimal value, List<BigDecimal> more) implements Message {}

    @Test
    void valueOfASealedTypeStandsUnderItsLogicalName() throws IOException {
        Drawing drawing = new Drawing(new Circle(2), List.of(Special.EMPTY), new Circle(1));
        String json = "{\"first\":{\"SampleMessages.Circle\":{\"radius\":2.0}},"
                + "\"others\":[{\"SampleMessages.Special\":\"EMPTY\"}],\"exact\":{\"radius\":1.0}}";

        assertEquals(json, json(drawing));
        assertEquals(drawing, read(Drawing.class, json));
    }

    @Test
    void valueOfASealedTypeIsRefusedUnderAnyOtherName() {
        for (String first : List.of(
                "{\"Circle\":{\"radius\":2.0}}",
                "{\"" + Circle.class.getName() + "\":{\"radius\":2.0}}",
                "{\"SampleMessages.Part\":{\"name\":\"x\"}}",
                "{\"LogMessage\":{\"message\":\"x\"}}",
                "{\"SampleMessages.Circle\":null}",
                "{\"SampleMessages.Circle\":{\"radius\":2.0},\"SampleMessages.Square\":{\"side\":2}}",
                "{}",
                "[\"SampleMessages.Circle\",{\"radius\":2.0}]",
                "{\"radius\":2.0}")) {
            refused(Drawing.class, "{\"first\":" + first + ",\"others\":[],\"exact\":null}");
        }
    }

    @Test
    void numbersAreNotConverted() {
        refused(Boxes.class, "{\"tiny\":200}");
        refused(Boxes.class, "{\"tiny\":1.0}");
        refused(Boxes.class, "{\"low\":40000}");
        refused(Boxes.class, "{\"low\":\"4\"}");
        refused(Boxes.class, "{\"letter\":65}");
        refused(Boxes.class, "{\"letter\":\"ab\"}");
        refused(Boxes.class, "{\"letter\":\"\"}");
        refused(Boxes.class, "{\"count\":\"\"}");
        refused(Boxes.class, "{\"count\":2147483648}");
        refused(Boxes.class, "{\"big\":9223372036854775808}");
        refused(Boxes.class, "{\"big\":1.5}");
        refused(Boxes.class, "{\"near\":1e39}");
        refused(Boxes.class, "{\"near\":\"NaN\"}");
        refused(Boxes.class, "{\"ratio\":\"Infinity\"}");
        refused(Boxes.class, "{\"flag\":\"false\"}");
        refused(Boxes.class, "{\"text\":1}");
        refused(Values.class, "{\"whole\":1.5}");
        refused(Values.class, "{\"whole\":\"1\"}");
        refused(Values.class, "{\"exact\":\"1\"}");
        refused(Numbered.class, "{\"ints\":[1.5]}");
        refused(Numbered.class, "{\"ints\":[null]}");
        refused(Numbered.class, "{\"ints\":1}");
        refused(Numbered.class, "{\"doubles\":[\"NaN\"]}");
        refused(Numbered.class, "{\"doubles\":[1e999]}");
        refused(Numbered.class, "{\"doubles\":[null]}");
        refused(Numbered.class, "{\"floats\":[1e39]}");
        refused(Numbered.class, "{\"maybe\":\"NaN\"}");
    }

    @Test
    void textIsNotConverted() {
        refused(Values.class, "{\"at\":1700000000}");
        refused(Values.class, "{\"took\":5}");
        refused(Values.class, "{\"day\":[2026,1,31]}");
        refused(Values.class, "{\"day\":20000}");
        refused(Values.class, "{\"id\":\"1-1-1-1-1\"}");
        refused(Values.class, "{\"id\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}");
        refused(Values.class, "{\"colour\":\"green as grass\"}");
        refused(Values.class, "{\"unit\":3}");
        refused(Values.class, "{\"path\":[\"a\"]}");
        refused(Values.class, "{\"path\":5}");
        refused(Bytes.class, "{\"bytes\":\"QQ\"}");
        refused(Bytes.class, "{\"bytes\":\"Q Q=\"}");
        refused(Looks.class, "\"text\"");
        refused(LogMessage.class, "\"text\"");
        refused(Tree.class, "\"text\"");
        refused(Tree.class, "[]");
        refused(LogMessage.class, "{\"message\":null,\"level\":\"INFO\"}");
    }

    @Test
    void numbersThatAreNotFiniteAreNotWritten() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertThrows(IOException.class, () -> json(new Boxes(null, null, null, null, null, null, null, bad, null)));
            assertThrows(
                    IOException.class,
                    () -> json(new Boxes(null, null, null, null, null, null, (float) bad, null, null)));
            assertThrows(IOException.class, () -> json(new Numbered(null, new double[] {1, bad}, null, null, null)));
            assertThrows(
                    IOException.class, () -> json(new Numbered(null, null, new float[] {(float) bad}, null, null)));
            assertThrows(IOException.class, () -> json(new Numbered(null, null, null, null, OptionalDouble.of(bad))));
            assertThrows(IOException.class, () -> json(new Drawing(new Circle(bad), List.of(), null)));
        }
    }

    @Test
    void arraysAreArrays() throws IOException {
        Numbered value = new Numbered(
                new int[] {1, -2},
                new double[] {1, 0.1},
                new float[] {0.1f},
                new char[] {'a', 'b'},
                OptionalDouble.of(3));
        String json = "{\"ints\":[1,-2],\"doubles\":[1.0,0.1],\"floats\":[0.1],\"chars\":[\"a\",\"b\"],\"maybe\":3.0}";

        assertEquals(json, json(value));
        Numbered again = (Numbered) read(Numbered.class, json);
        assertArrayEquals(value.doubles(), again.doubles());
        assertArrayEquals(value.floats(), again.floats());
        assertArrayEquals(value.chars(), again.chars());
        assertEquals(OptionalDouble.of(3), again.maybe());
        assertEquals(OptionalDouble.empty(), ((Numbered) read(Numbered.class, "{}")).maybe());
    }

    @Test
    void keysOfMapsAreText() throws IOException {
        Keys keys = new Keys(Map.of(-1, "a"), Map.of(Instant.EPOCH, "b"), Map.of("", "c"));
        String json = "{\"numbers\":{\"-1\":\"a\"},\"times\":{\"1970-01-01T00:00:00Z\":\"b\"},\"texts\":{\"\":\"c\"}}";

        assertEquals(json, json(keys));
        assertEquals(keys, read(Keys.class, json));
        refused(Keys.class, "{\"texts\":{\"a\":\"1\",\"\\u0061\":\"2\"}}");
    }

    @Test
    void integersAreExact() throws IOException {
        String digits = "9".repeat(5000);

        Values values = (Values) read(Values.class, "{\"whole\":" + digits + "}");

        assertEquals(new BigInteger(digits), values.whole());
        refused(Values.class, "{\"whole\":" + "9".repeat(10_001) + "}");
    }

    @Test
    void numberWithEndlessExponentIsRefusedAsMalformed() {
        for (String exponent : List.of("e99999999999", "e-99999999999")) {
            IOException refused = assertThrows(
                    IOException.class, () -> read(Values.class, "{\"exact\":3.14" + exponent + "}"), exponent);
            assertTrue(refused.getMessage().startsWith("malformed JSON: "), refused.getMessage());
        }
    }

    @Test
    void textAndNamesAreBoundedByThePayloadOnly() throws IOException {
        String text = "x".repeat(25_000_000);

        Small small = (Small) read(
                Small.class,
                "{\"text\":\"" + text + "\",\"first\":1,\"second\":2,\"" + text.substring(0, 200_000) + "\":3}");

        assertEquals(text.length(), small.text().length());
    }

    @Test
    void nestingOverTheLimitIsRefusedBothWays() throws IOException {
        Tree tree = new Tree("leaf", List.of());
        for (int depth = 0; depth < 31; depth++) {
            tree = new Tree("", List.of(tree));
        }
        Tree deepest = tree;
        assertEquals(deepest, read(Tree.class, json(deepest)));

        assertThrows(IOException.class, () -> json(new Tree("", List.of(deepest))));
        refused(
                Small.class,
                "{\"unknown\":" + "[".repeat(64) + "]".repeat(64) + ",\"text\":null,\"first\":1,\"second\":1}");
        refused(Tree.class, "{\"children\":[".repeat(200_000));
    }

    @Test
    void whatIsNotUtf8IsRefused() throws IOException {
        byte[] json = "{\"text\":\"__\",\"first\":1,\"second\":2}".getBytes(StandardCharsets.UTF_8);
        int at = new String(json, StandardCharsets.UTF_8).indexOf("__");
        json[at] = (byte) 0xc0;
        json[at + 1] = (byte) 0x80;

        assertThrows(IOException.class, () -> codec.decode(Small.class, json, 0, json.length));
        byte[] wide = "{\"text\":\"\",\"first\":1,\"second\":2}".getBytes(StandardCharsets.UTF_16BE);
        assertThrows(IOException.class, () -> codec.decode(Small.class, wide, 0, wide.length));
        refused(Small.class, "\ufeff{\"text\":\"\",\"first\":1,\"second\":2}");
    }

    @Test
    void constructorThatThrowsFailsThatMessageOnly() throws IOException {
        refused(Positive.class, "{\"number\":13}");

        assertEquals(new Positive(1), read(Positive.class, "{\"number\":1}"));
    }

    @Test
    void typeThatTheOtherSideLacksIsRefused() {
        List<TypeEntry> there = registry.entries().stream()
                .filter(entry -> !entry.name().equals("SampleMessages.Circle"))
                .toList();
        Codec lacking = new JsonMessageSerializer().codec(registry.agree(there, false));

        IOException refused = assertThrows(
                IOException.class,
                () -> lacking.encode(new Drawing(new Circle(1), List.of(), null), new ByteArrayOutputStream()));

        assertTrue(refused.getMessage().contains("class is not shared by both sides"), refused.getMessage());
    }

    private void refused(Class<? extends Message> type, String json) {
        assertThrows(IOException.class, () -> read(type, json), json.substring(0, Math.min(100, json.length())));
    }

    private Message read(Class<? extends Message> type, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return codec.decode(type, bytes, 0, bytes.length);
    }

    private String json(Message message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        codec.encode(message, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    record Drawing(
            @Nullable Shape first,
            List<Shape> others,
            @Nullable Circle exact) implements Message {}

    record Numbered(
            int @Nullable [] ints,
            double @Nullable [] doubles,
            float @Nullable [] floats,
            char @Nullable [] chars,
            @Nullable OptionalDouble maybe)
            implements Message {}

    record Keys(Map<Integer, String> numbers, Map<Instant, String> times, Map<String, String> texts)
            implements Message {}
}
