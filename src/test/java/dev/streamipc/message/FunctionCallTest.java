package dev.streamipc.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Arguments and values that no serializer converts: they are of the wanted type, or fit, or are refused. */
class FunctionCallTest {

    private enum Colour {
        RED
    }

    /** Fields whose types are asked for. */
    private record Wanted<T extends Number>(
            List<Long> list,
            Set<Double> set,
            Collection<Integer> collection,
            Map<String, List<Long>> map,
            TreeMap<String, Long> sorted,
            TreeSet<Integer> sortedSet,
            Optional<Long> optional,
            List<? extends Long> wild,
            List<String>[] array,
            T number) {}

    private static Object as(Object value, String field) throws Exception {
        return as(value, Wanted.class.getDeclaredField(field).getGenericType());
    }

    private static Object as(Object value, Type type) {
        return new FunctionCall("f", Arrays.asList(value)).at(0, type);
    }

    private static void assertRefused(Object value, Type type) {
        IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, () -> as(value, type));

        assertTrue(
                String.valueOf(failure.getMessage())
                        .matches("argument does not fit: argument=arguments\\[0], expected=.*, found=.*"),
                failure.getMessage());
    }

    @Test
    void valueOfTheTypeIsTaken() {
        assertEquals("a", as("a", String.class));
        assertEquals("a", as("a", CharSequence.class));
        assertEquals(true, as(true, boolean.class));
        assertEquals(List.of(1), as(List.of(1), List.class));
        assertEquals('c', as('c', char.class));
        assertNull(as(null, String.class));
    }

    @Test
    void numberThatFitsIsConverted() {
        assertEquals(5L, as(5, long.class));
        assertEquals(5, as(5L, Integer.class));
        assertEquals((short) 5, as(BigInteger.valueOf(5), short.class));
        assertEquals((byte) 5, as(5, byte.class));
        assertEquals(5.0, as(5, double.class));
        assertEquals(5f, as((short) 5, float.class));
        assertEquals(0.1f, as(0.1, float.class));
        assertEquals(0.5, as(0.5f, Double.class));
        assertEquals(Double.NaN, as(Double.NaN, double.class));
        assertEquals(BigInteger.TWO, as((byte) 2, BigInteger.class));
        assertEquals(new BigDecimal("0.1"), as(0.1, BigDecimal.class));
        assertEquals(0.25, as(new BigDecimal("0.25"), double.class));
        assertEquals(1e300, as(new BigDecimal("1e300"), double.class));
    }

    @Test
    void numberThatDoesNotFitIsRefused() {
        assertRefused(1.5, int.class);
        assertRefused(1.0, long.class);
        assertRefused(new BigDecimal("1"), int.class);
        assertRefused(1L << 31, int.class);
        assertRefused(40_000, short.class);
        assertRefused(128, byte.class);
        assertRefused(BigInteger.ONE.shiftLeft(64), long.class);
        assertRefused(1e300, float.class);
        assertRefused(new BigDecimal("1e400"), double.class);
        assertRefused(Double.POSITIVE_INFINITY, int.class);
        assertRefused(Double.NaN, float.class);
        assertRefused(1, String.class);
        assertRefused("1", int.class);
        assertRefused(new AtomicInteger(1), int.class);
        assertRefused(null, int.class);
        assertRefused(true, int.class);
        assertRefused(1, Optional[].class);
    }

    @Test
    void textNamesAConstant() {
        assertEquals(Colour.RED, as("RED", Colour.class));
        assertRefused("red", Colour.class);
        assertRefused(0, Colour.class);
    }

    @Test
    void optionalHoldsWhatIsThere() throws Exception {
        assertEquals(Optional.of("a"), as("a", Optional.class));
        assertEquals(Optional.empty(), as(null, Optional.class));
        assertEquals(OptionalInt.empty(), as(null, OptionalInt.class));
        assertEquals(Optional.of(5L), as(5, "optional"));
        assertEquals(Optional.of(5L), as(Optional.of(5), "optional"));
        assertEquals(Optional.empty(), as(Optional.empty(), "optional"));
        assertEquals("a", as(Optional.of("a"), String.class));
        assertRefused(Optional.empty(), String.class);
    }

    @Test
    void whatStandsInsideIsConvertedToo() throws Exception {
        assertEquals(List.of(1L, 2L), as(List.of(1, 2), "list"));
        assertEquals(List.of(1L), as(List.of(1), "wild"));
        assertEquals(Set.of(1.0), as(Set.of(1), "set"));
        assertEquals(Set.of(1.0), as(List.of(1), "set"));
        assertEquals(new ArrayList<>(List.of(1)), as(new ArrayList<>(List.of(1L)), "collection"));
        assertEquals(Map.of("a", List.of(1L)), as(Map.of("a", List.of(1)), "map"));
        assertEquals(new TreeSet<>(List.of(1)), as(new TreeSet<>(List.of(1)), "sortedSet"));
        assertEquals(Map.of("a", 1L), as(new TreeMap<>(Map.of("a", 1L)), "sorted"));
        assertEquals(3, as(3, "number"));
        List<?>[] array = {List.of("a")};
        assertEquals(array, as(array, "array"));
        for (Object each : List.of(List.of("a"), Map.of(), "a")) {
            assertThrows(IllegalArgumentException.class, () -> as(each, "list"));
        }
        assertThrows(IllegalArgumentException.class, () -> as(Map.of("a", List.of("b")), "map"));
    }

    @Test
    void argumentThatIsMissingIsNamed() {
        FunctionCall call = FunctionCall.of("f", 1, null);

        assertEquals(2, call.count());
        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> call.at(2, java.util.UUID.class));
        assertEquals(
                "argument is missing: argument=arguments[2], function=f, expected=UUID, count=2", failure.getMessage());
        assertThrows(IllegalArgumentException.class, () -> call.at(-1, int.class));
    }

    @Test
    void argumentsAreCopied() {
        List<Object> mine = new ArrayList<>(List.of(1));
        FunctionCall call = new FunctionCall("f", mine);
        mine.clear();

        assertEquals(1, call.count());
        assertThrows(UnsupportedOperationException.class, () -> call.arguments().clear());
        assertEquals(0, new FunctionCall("f", null).count());
        assertThrows(NullPointerException.class, () -> new FunctionCall(null, List.of()));
    }

    @Test
    void serializersOwnValueIsAskedForTheType() {
        RawValue raw = type -> "raw " + type.getTypeName();

        assertEquals("raw int", as(raw, int.class));
        assertEquals("raw java.lang.String", new FunctionValue(raw).as(String.class));
    }

    @Test
    void valueIsConvertedOrUndecodable() {
        assertEquals(5L, new FunctionValue(5).as(long.class));
        assertNull(new FunctionValue(5).as(Void.class));
        assertNull(new FunctionValue(null).as(String.class));
        Undecodable failure = assertThrows(Undecodable.class, () -> new FunctionValue(null).as(int.class));

        assertEquals(Undecodable.Subject.ANSWER, failure.subject());
        assertTrue(
                String.valueOf(failure.getMessage()).contains("value does not fit: expected=int, found=null"),
                failure.getMessage());
    }
}
