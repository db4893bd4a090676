package dev.streamipc.serial.kryo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.esotericsoftware.kryo.io.Output;
import com.sun.management.ThreadMXBean;
import dev.streamipc.message.Message;
import dev.streamipc.serial.MessageSerializer.Codec;
import dev.streamipc.serial.SampleMessages;
import dev.streamipc.serial.TypeRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a hostile payload can do: fail. */
final class KryoBoundsTest {

    private static final int BILLION = 1_000_000_000;
    private static final long SMALL_BYTES = 100_000;
    private static final int LAST_ID = 127;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final TypeRegistry registry = TypeRegistry.of(types());
    private final Codec codec = new KryoMessageSerializer().codec(registry.agree(registry.entries(), true));

    @Test
    void claimOfABillionAllocatesNothingWhateverTheClass() {
        for (int id = 1; id <= LAST_ID; id++) {
            for (int claim : new int[] {BILLION, Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 7}) {
                byte[] frame = frame(id, claim);
                assertTrue(allocated(AnyHolder.class, frame) < SMALL_BYTES, "id=" + id + ", claim=" + claim);
            }
        }
    }

    @Test
    void claimedTextOfABillionAllocatesNothing() {
        for (int claim : new int[] {BILLION, Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 7}) {
            Output out = new Output(16);
            out.writeVarIntFlag(true, claim, true);
            assertRefusedCheaply(TextHolder.class, out.toBytes());
        }
    }

    @Test
    void claimedArraysOfABillionAllocateNothing() {
        for (Class<? extends Message> type : List.of(
                ByteArray.class, LongArray.class, IntArray.class, DoubleArray.class, TextArray.class, Grid.class)) {
            Output out = new Output(16);
            out.writeByte(1);
            out.writeVarInt(BILLION, true);
            assertRefusedCheaply(type, out.toBytes());
        }
    }

    @Test
    void listsInsideEachOtherCantEachClaimTheRest() throws IOException {
        byte id = idOf(List.of());
        Output out = new Output(1 << 20);
        for (int depth = 0; depth < 60; depth++) {
            out.writeByte(id);
            out.writeVarInt((1 << 20) - 1000, true);
        }
        int headBytes = out.position();
        byte[] frame = Arrays.copyOf(out.toBytes(), 1 << 20);
        Arrays.fill(frame, headBytes, frame.length, (byte) LAST_ID);

        assertRefusedCheaply(AnyHolder.class, frame);
    }

    @Test
    void deepNestingIsRefusedAndHarmsNothing() throws IOException {
        for (Object container : List.of(List.of(), Set.of(), Optional.empty(), new Object[0])) {
            for (int depth : new int[] {65, 3_000, 200_000}) {
                byte[] frame = nested(idOf(container), depth, container instanceof Optional);
                Exception refused = assertThrows(Exception.class, () -> decode(AnyHolder.class, frame));
                assertEquals("nesting over the limit: maxDepth=64", refused.getMessage());
            }
        }
        assertEquals("still works", new StringBuffer("still ").append("works").toString());
        assertEquals(new TextHolder("x"), decode(TextHolder.class, encode(new TextHolder("x"))));
    }

    @Test
    void valueThatContainsItselfIsRefused() throws IOException {
        List<Object> list = new ArrayList<>();
        list.add(list);

        assertThrows(Exception.class, () -> encode(new AnyHolder(list)));
        assertEquals(new TextHolder("x"), decode(TextHolder.class, encode(new TextHolder("x"))));
    }

    @Test
    void nestingWithinTheLimitPasses() throws IOException {
        Object value = "inside";
        for (int depth = 0; depth < 63; depth++) {
            value = List.of(value);
        }

        assertEquals(new AnyHolder(value), decode(AnyHolder.class, encode(new AnyHolder(value))));
    }

    @Test
    void randomFramesNeverYieldAWrongTypeOrExhaustMemory() {
        Random random = new Random(20260131);
        List<Class<? extends Message>> types =
                List.of(AnyHolder.class, SampleMessages.Nested.class, SampleMessages.Values.class, TextArray.class);
        int refused = 0;
        for (int i = 0; i < 300_000; i++) {
            byte[] frame = new byte[random.nextInt(48)];
            random.nextBytes(frame);
            Class<? extends Message> type = types.get(i % types.size());
            try {
                assertSame(type, decode(type, frame).getClass());
            } catch (Exception expected) {
                refused++;
            }
        }
        assertTrue(refused > 200_000, "refused=" + refused);
    }

    @Test
    void changedFramesNeverYieldAWrongTypeInside() throws IOException {
        Random random = new Random(7);
        List<Message> messages = SampleMessages.all().stream()
                .filter(SampleMessages.Nested.class::isInstance)
                .toList();
        for (int i = 0; i < 30_000; i++) {
            byte[] frame = encode(messages.get(i % messages.size()));
            frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            try {
                assertElementsFit((SampleMessages.Nested) decode(SampleMessages.Nested.class, frame));
            } catch (Exception expected) {
                assertFalse(expected instanceof ClassCastException, expected.toString());
            }
        }
    }

    private static void assertElementsFit(SampleMessages.Nested value) {
        if (value.texts() != null) {
            value.texts().forEach(text -> assertTrue(text == null || text.getClass() == String.class));
        }
        if (value.parts() != null) {
            value.parts()
                    .values()
                    .forEach(part -> assertTrue(part == null || !part.toString().isEmpty()));
        }
        if (value.shapes() != null) {
            value.shapes()
                    .forEach(shape ->
                            assertTrue(shape == null || !shape.toString().isEmpty()));
        }
    }

    private static List<Class<?>> types() {
        List<Class<?>> types = new ArrayList<>(SampleMessages.TYPES);
        types.addAll(List.of(
                AnyHolder.class,
                TextHolder.class,
                ByteArray.class,
                LongArray.class,
                IntArray.class,
                DoubleArray.class,
                TextArray.class,
                Grid.class));
        return types;
    }

    private static byte[] frame(int id, int claim) {
        Output out = new Output(16);
        out.writeVarInt(id, true);
        out.writeVarInt(claim, true);
        return out.toBytes();
    }

    private static byte[] nested(byte id, int depth, boolean isOptional) {
        Output out = new Output(1024, -1);
        for (int i = 0; i < depth; i++) {
            out.writeByte(id);
            if (!isOptional) {
                out.writeByte(1);
            }
        }
        out.writeByte(0);
        return out.toBytes();
    }

    private byte idOf(Object value) throws IOException {
        return encode(new AnyHolder(value))[0];
    }

    private void assertRefusedCheaply(Class<? extends Message> type, byte[] frame) {
        assertThrows(Exception.class, () -> decode(type, frame));
        assertTrue(allocated(type, frame) < SMALL_BYTES, type.getName());
    }

    /** Returns the bytes that decoding allocated the second time, when all classes are loaded. */
    private long allocated(Class<? extends Message> type, byte[] frame) {
        tryDecode(type, frame);
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        tryDecode(type, frame);
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }

    /** An error such as running out of memory passes through. */
    private void tryDecode(Class<? extends Message> type, byte[] frame) {
        try {
            decode(type, frame);
        } catch (Exception expected) {
            assertFalse(expected.toString().isEmpty());
        }
    }

    private byte[] encode(Message message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        codec.encode(message, out);
        return out.toByteArray();
    }

    private Message decode(Class<? extends Message> type, byte[] frame) throws IOException {
        return codec.decode(type, frame, 0, frame.length);
    }

    record AnyHolder(@Nullable Object value) implements Message {}

    record TextHolder(@Nullable String value) implements Message {}

    record ByteArray(byte[] value) implements Message {}

    record LongArray(long[] value) implements Message {}

    record IntArray(int[] value) implements Message {}

    record DoubleArray(double[] value) implements Message {}

    record TextArray(String[] value, Map<String, List<Integer>> lists, Set<Long> longs) implements Message {}

    record Grid(int[][] value) implements Message {}
}
