package dev.streamipc.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.management.ThreadMXBean;
import dev.streamipc.message.Message;
import dev.streamipc.serial.MessageSerializer.Codec;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.serial.kryo.KryoMessageSerializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each everyday value through both serializers: whole, null, cut and changed. */
final class EverydayValuesTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long MOST_BYTES = 1 << 20;
    private static final byte[] PLANTED = {0, 1, 2, -1, 127, -128, '"', '[', '9', '%'};

    /** What null in JSON means for values that hold another one or none. */
    private static final Map<Class<?>, Object> EMPTY = Map.of(
            Optional.class, Optional.empty(),
            OptionalInt.class, OptionalInt.empty(),
            OptionalLong.class, OptionalLong.empty(),
            OptionalDouble.class, OptionalDouble.empty(),
            AtomicReference.class, "null");

    private static final Map<String, Message> VALUES = EverydayValues.all();
    private static final TypeRegistry REGISTRY = registry();
    private static final Map<String, Codec> CODECS = Map.of(
            "kryo", new KryoMessageSerializer().codec(REGISTRY.agree(REGISTRY.entries(), true)),
            "json", new JsonMessageSerializer().codec(REGISTRY.agree(REGISTRY.entries(), false)));

    private static TypeRegistry registry() {
        Set<Class<?>> types = new LinkedHashSet<>();
        types.add(Anything.class);
        VALUES.values().forEach(message -> types.add(message.getClass()));
        return TypeRegistry.of(types);
    }

    record Anything(List<?> values) implements Message {}

    static Set<String> names() {
        return VALUES.keySet();
    }

    static Stream<Arguments> cases() {
        return VALUES.keySet().stream()
                .flatMap(name -> Stream.of(Arguments.of("kryo", name), Arguments.of("json", name)));
    }

    @ParameterizedTest(name = "{1} by {0}")
    @MethodSource("cases")
    void valueComesBackEqual(String serializer, String name) throws IOException {
        Message message = VALUES.get(name);
        String before = String.valueOf(value(message));

        Message again = decode(serializer, message.getClass(), encode(serializer, message));

        assertEquals(look(value(message)), look(value(again)));
        assertEquals(before, String.valueOf(value(message)), "writing changes nothing");
    }

    @ParameterizedTest(name = "{1} by {0}")
    @MethodSource("cases")
    void sameValueGivesTheSameBytes(String serializer, String name) throws IOException {
        Message message = VALUES.get(name);
        byte[] first = encode(serializer, message);

        for (int i = 0; i < 3; i++) {
            Message again = decode(serializer, message.getClass(), first);
            assertEquals(look(value(message)), look(value(again)));
            assertTrue(Arrays.equals(first, encode(serializer, message)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void kryoCarriesItAsAnObjectInAListToo(String name) throws IOException {
        Object value = Objects.requireNonNull(value(VALUES.get(name)));
        assumeFalse(value instanceof int[][], "arrays of arrays need a declared type");

        Anything again = (Anything)
                decode("kryo", Anything.class, encode("kryo", new Anything(Arrays.asList(value, null, value))));

        assertEquals(look(value), look(again.values().get(0)));
        assertNull(again.values().get(1));
        assertEquals(look(value), look(again.values().get(2)));
    }

    @ParameterizedTest(name = "{1} by {0}")
    @MethodSource("cases")
    void nullComesBackAsNull(String serializer, String name) throws Exception {
        Class<? extends Message> type = VALUES.get(name).getClass();
        Message nothing = nothing(type);

        Object again = value(decode(serializer, type, encode(serializer, nothing)));

        Object empty = EMPTY.get(type.getRecordComponents()[0].getType());
        if (empty == null || serializer.equals("kryo")) {
            assertNull(again);
        } else {
            assertEquals(empty, look(again));
        }
    }

    @ParameterizedTest(name = "{1} by {0}")
    @MethodSource("cases")
    void cutPayloadIsRefused(String serializer, String name) throws IOException {
        Message message = VALUES.get(name);
        byte[] payload = encode(serializer, message);
        for (int length = 0; length < payload.length; length++) {
            byte[] cut = Arrays.copyOf(payload, length);
            assertThrows(Exception.class, () -> decode(serializer, message.getClass(), cut));
        }
        byte[] longer = Arrays.copyOf(payload, payload.length + 1);
        assertThrows(Exception.class, () -> decode(serializer, message.getClass(), longer));
    }

    @ParameterizedTest(name = "{1} by {0}")
    @MethodSource("cases")
    void changedPayloadIsRefusedOrIsAnotherValue(String serializer, String name) throws IOException {
        Message message = VALUES.get(name);
        byte[] payload = encode(serializer, message);
        for (int at = 0; at < payload.length; at++) {
            for (byte planted : PLANTED) {
                byte[] changed = payload.clone();
                changed[at] = planted;
                assertHarmless(serializer, message.getClass(), changed);
            }
            // A length of a billion, wherever one may stand.
            byte[] claim = Arrays.copyOf(payload, payload.length + 5);
            System.arraycopy(new byte[] {-1, -1, -1, -1, 7}, 0, claim, at, 5);
            assertHarmless(serializer, message.getClass(), claim);
        }
    }

    /** An error, such as running out of memory or of stack, passes through and fails the test. */
    private static void assertHarmless(String serializer, Class<? extends Message> type, byte[] payload) {
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        try {
            assertSame(type, decode(serializer, type, payload).getClass());
        } catch (Exception refused) {
            assertFalse(refused instanceof ClassCastException, refused.toString());
        }
        long bytes = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertTrue(bytes < MOST_BYTES, () -> "bytes=" + bytes + ", payload=" + Arrays.toString(payload));
    }

    private static Message nothing(Class<? extends Message> type) throws Exception {
        Constructor<?> constructor = type.getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return (Message) constructor.newInstance((Object) null);
    }

    private static @Nullable Object value(Message message) {
        RecordComponent component = message.getClass().getRecordComponents()[0];
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(message);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns what is equal where two values look the same to their user. */
    private static @Nullable Object look(@Nullable Object value) {
        if (value instanceof Pattern pattern) {
            return List.of(pattern.pattern(), pattern.flags());
        }
        if (value instanceof AtomicBoolean || value instanceof AtomicReference) {
            return value.toString();
        }
        if (value instanceof Number number && number.getClass().getName().contains("Atomic")) {
            return number.longValue();
        }
        if (value instanceof Collection<?> many && !(value instanceof Set)) {
            return new ArrayList<>(many);
        }
        return value != null && value.getClass().isArray() ? Arrays.deepToString(new Object[] {value}) : value;
    }

    private static byte[] encode(String serializer, Message message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CODECS.get(serializer).encode(message, out);
        return out.toByteArray();
    }

    private static Message decode(String serializer, Class<? extends Message> type, byte[] payload) throws IOException {
        return CODECS.get(serializer).decode(type, payload, 0, payload.length);
    }
}
