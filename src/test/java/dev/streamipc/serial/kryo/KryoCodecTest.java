package dev.streamipc.serial.kryo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.esotericsoftware.kryo.io.Output;
import dev.streamipc.message.Message;
import dev.streamipc.serial.MessageSerializer.Codec;
import dev.streamipc.serial.SampleMessages.Boxes;
import dev.streamipc.serial.SampleMessages.Circle;
import dev.streamipc.serial.SampleMessages.Colour;
import dev.streamipc.serial.SampleMessages.Numbers;
import dev.streamipc.serial.SampleMessages.Part;
import dev.streamipc.serial.SampleMessages.Positive;
import dev.streamipc.serial.SampleMessages.Small;
import dev.streamipc.serial.TypeEntry;
import dev.streamipc.serial.TypeRegistry;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class KryoCodecTest {

    private final TypeRegistry registry = TypeRegistry.of(List.of(
            Any.class,
            Box.class,
            Declared.class,
            Small.class,
            Positive.class,
            Numbers.class,
            Boxes.class,
            Parts.class,
            Palette.class));
    private final Codec codec = new KryoMessageSerializer().codec(registry.agree(registry.entries(), true));

    @Test
    void valuesOfTheJdkComeBackEqual() throws IOException {
        for (Object value : values()) {
            assertEquals(value, again(value), value.getClass().getName());
        }
    }

    @Test
    void everydayCollectionsKeepTheirClass() throws IOException {
        for (Object value : List.of(
                new ArrayList<>(List.of(1)),
                new LinkedList<>(List.of(1)),
                new HashSet<>(List.of(1)),
                new LinkedHashSet<>(List.of(1)),
                new TreeSet<>(List.of(2, 1)),
                new HashMap<>(Map.of(1, 2)),
                new LinkedHashMap<>(Map.of(1, 2)),
                new TreeMap<>(Map.of(1, 2)),
                new ConcurrentHashMap<>(Map.of(1, 2)),
                Arrays.asList(1, null))) {
            assertSame(value.getClass(), again(value).getClass());
            assertEquals(value, again(value));
        }
    }

    @Test
    void otherCollectionsComeBackEqualAndUnmodifiable() throws IOException {
        for (Collection<?> value : List.<Collection<?>>of(
                List.of(),
                List.of(1),
                List.of(1, 2, 3),
                Collections.unmodifiableList(Arrays.asList(1, null)),
                Collections.emptyList(),
                Collections.nCopies(3, "x"),
                new ArrayList<>(List.of(1, 2, 3)).subList(1, 3),
                new CopyOnWriteArrayList<>(List.of(1)),
                new Vector<>(List.of(1)),
                Set.of(1, 2),
                Collections.singleton(null),
                EnumSet.of(Colour.RED),
                Map.of(1, 2).keySet())) {
            Collection<?> again = (Collection<?>) again(value);
            assertEquals(value, again, value.getClass().getName());
            assertThrows(UnsupportedOperationException.class, () -> again.add(null));
        }
        for (Map<?, ?> value : List.<Map<?, ?>>of(Map.of(), Map.of(1, 2), Collections.emptyMap(), Map.of(1, 2, 3, 4))) {
            Map<?, ?> again = (Map<?, ?>) again(value);
            assertEquals(value, again);
            assertThrows(UnsupportedOperationException.class, again::clear);
        }
    }

    @Test
    void arraysComeBackEqual() throws IOException {
        for (Object value : List.of(
                new byte[] {1},
                new boolean[] {true},
                new short[] {-1},
                new char[] {'x'},
                new int[] {Integer.MIN_VALUE},
                new long[] {Long.MIN_VALUE, 0},
                new float[] {1.5f},
                new double[] {Double.NaN},
                new String[] {"a", null},
                new Object[] {1, "a", null, new int[] {2}})) {
            Object again = again(value);
            assertSame(value.getClass(), again.getClass());
            assertTrue(
                    Arrays.deepEquals(new Object[] {value}, new Object[] {again}),
                    value.getClass().getName());
        }
    }

    @Test
    void declaredClassesAreKept() throws IOException {
        Declared value = new Declared(
                new ArrayList<>(List.of("a")),
                new TreeMap<>(Map.of(1, Optional.of("x"))),
                new ArrayDeque<>(List.of(1.5)),
                new Circle[] {new Circle(1), null},
                new int[][] {{1}, null, {}},
                List.of(new Box<>(1, List.of(2)), new Box<>(null, List.of())),
                7);

        Declared again = (Declared) codecAgain(value);

        assertEquals(value.list(), again.list());
        assertEquals(value.map(), again.map());
        assertArrayEquals(value.queue().toArray(), again.queue().toArray());
        assertArrayEquals(value.circles(), again.circles());
        assertTrue(Arrays.deepEquals(value.grid(), again.grid()));
        assertEquals(value.boxes(), again.boxes());
        assertEquals(7, again.number());
    }

    @Test
    void collectionThatDoesNotFitItsFieldIsRefusedByTheSender() {
        Declared value = new Declared(new OwnList(), null, null, null, null, null, 1);

        assertThrows(RuntimeException.class, () -> encode(value));
    }

    @Test
    void unregisteredClassIsRefused() {
        RuntimeException refused = assertThrows(RuntimeException.class, () -> encode(new Any(new Thread())));

        assertEquals(
                "value can't be written as java.lang.Object: not registered on this side: class=java.lang.Thread; "
                        + "register it on both sides",
                refused.getMessage());
    }

    @Test
    void classNameInAPayloadIsNeverResolved() {
        String name = Canary.class.getName();
        for (int lead = 0; lead < 256; lead++) {
            Output out = new Output(300);
            out.writeByte(lead);
            out.writeByte(0);
            out.writeString(name);
            out.writeByte(0);
            assertNotSame(Canary.class, valueOrFailure(out.toBytes()).getClass());
        }

        assertFalse(CANARY[0]);
    }

    @Test
    void sortedSetWithAComparatorIsRefusedByTheSender() {
        TreeSet<String> sorted = new TreeSet<>(Comparator.reverseOrder());

        assertThrows(RuntimeException.class, () -> encode(new Any(sorted)));
        assertThrows(RuntimeException.class, () -> encode(new Any(new TreeMap<>(Comparator.reverseOrder()))));
    }

    @Test
    void handlesWriteAndReadTheSameBytesAsReflection() throws IOException {
        List<Message> messages = List.of(
                new Small("text", 1, -1),
                new Numbers(true, (byte) -128, (short) -3, '\uffff', Integer.MIN_VALUE, 7L << 40, -0.0f, 0.1),
                new Boxes(true, (byte) 1, (short) 2, 'c', 4, 5L, 6.5f, 7.5, "8"));
        for (Message message : messages) {
            byte[] first = encode(message);
            for (int i = 0; i < 600; i++) {
                assertArrayEquals(first, encode(message));
                assertEquals(message, decode(message.getClass(), first));
            }
        }
    }

    @Test
    void constructorThatThrowsFailsThatMessageOnly() throws IOException {
        byte[] bad = encodePositive(13);

        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> decode(Positive.class, bad));

        assertEquals("unlucky number", refused.getMessage());
        assertEquals(new Positive(1), codecAgain(new Positive(1)));
    }

    @Test
    void typeThatTheOtherSideLacksIsRefusedWithTheReason() {
        List<TypeEntry> there = registry.entries().stream()
                .filter(entry -> !entry.name().equals("SampleMessages.Part"))
                .toList();
        Codec lacking = new KryoMessageSerializer().codec(registry.agree(there, true));

        RuntimeException refused = assertThrows(
                RuntimeException.class,
                () -> lacking.encode(new Parts(List.of(new Part("a", null))), new ByteArrayOutputStream()));

        assertTrue(refused.getMessage().contains("not registered on the other side: type=SampleMessages.Part"));
    }

    private static List<Object> values() {
        return List.of(
                "text",
                true,
                (byte) 1,
                (short) 2,
                'c',
                4,
                5L,
                6.5f,
                7.5,
                BigInteger.ONE.shiftLeft(200),
                new BigDecimal("-1.50"),
                UUID.randomUUID(),
                BitSet.valueOf(new long[] {5}),
                new Date(1),
                URI.create("a:b"),
                Path.of("x"),
                new File("y"),
                Locale.forLanguageTag("de-CH"),
                Currency.getInstance("CHF"),
                ZoneId.of("Europe/Paris"),
                ZoneOffset.ofHours(1),
                Year.of(2026),
                YearMonth.of(2026, 1),
                MonthDay.of(2, 29),
                Period.ofDays(-3),
                OffsetTime.of(LocalTime.NOON, ZoneOffset.MAX),
                Instant.MIN,
                Instant.MAX,
                Duration.ofSeconds(Long.MIN_VALUE),
                LocalDate.MAX,
                LocalTime.MAX,
                LocalDateTime.MIN,
                OffsetDateTime.MAX,
                ZonedDateTime.of(LocalDateTime.MAX, ZoneId.of("UTC")),
                System.Logger.Level.ERROR,
                ChronoUnit.DAYS,
                DayOfWeek.MONDAY,
                Month.MAY,
                Colour.GREEN,
                Optional.of("x"),
                Optional.empty(),
                OptionalInt.of(1),
                OptionalLong.empty(),
                OptionalDouble.of(2),
                new Circle(2),
                new Part("a", new Part("b", null)),
                new Box<>("x", List.of()));
    }

    private Object valueOrFailure(byte[] frame) {
        try {
            return decode(Any.class, frame);
        } catch (Exception refused) {
            return refused;
        }
    }

    private byte[] encodePositive(int number) {
        Output out = new Output(8);
        out.writeVarInt(number, false);
        return out.toBytes();
    }

    private Object again(Object value) throws IOException {
        return Objects.requireNonNull(((Any) codecAgain(new Any(value))).value());
    }

    private Message codecAgain(Message message) throws IOException {
        return decode(message.getClass(), encode(message));
    }

    private byte[] encode(Message message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        codec.encode(message, out);
        return out.toByteArray();
    }

    private Message decode(Class<? extends Message> type, byte[] frame) throws IOException {
        return codec.decode(type, frame, 0, frame.length);
    }

    private static final boolean[] CANARY = {false};

    static final class Canary {

        static {
            CANARY[0] = true;
        }
    }

    static final class OwnList extends ArrayList<String> {

        private static final long serialVersionUID = 1L;
    }

    record Any(@Nullable Object value) implements Message {}

    record Parts(List<Part> parts) implements Message {}

    record Palette(List<Colour> colours, Circle circle) implements Message {}

    record Box<T>(@Nullable T value, List<? extends T> more) implements Message {}

    record Declared(
            ArrayList<String> list,
            @Nullable SortedMap<Integer, Optional<String>> map,
            @Nullable Deque<Double> queue,
            Circle @Nullable [] circles,
            int @Nullable [] @Nullable [] grid,
            @Nullable List<Box<Integer>> boxes,
            Number number)
            implements Message {}
}
