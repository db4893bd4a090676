package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.Attachment;
import dev.streamipc.message.NDArray;
import dev.streamipc.message.Undecodable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What the arguments and values of functions may be. */
@Timeout(30)
@ParameterizedClass
@ValueSource(strings = {"kryo", "json"})
class ByNameValuesTest extends ByNameSides {

    ByNameValuesTest(String serializer) {
        super(serializer);
    }

    @Test
    void everydayValuesComeBackAsTheyWere() {
        child.function("echo", call -> call.arguments().get(0));
        child.start();

        assertSame(true, boolean.class);
        assertSame(5, int.class);
        assertSame((short) 5, short.class);
        assertSame((byte) 5, byte.class);
        assertSame(1L << 62, long.class);
        assertSame(0.1, double.class);
        assertSame(0.5f, float.class);
        assertSame("text", String.class);
        assertSame('c', char.class);
        assertSame(Colour.RED, Colour.class);
        assertSame(new BigDecimal("0.10000000000000000000001"), BigDecimal.class);
        assertSame(Instant.parse("2026-01-31T12:00:00.000000001Z"), Instant.class);
        assertSame(Duration.ofMillis(1_500), Duration.class);
        assertSame(new UUID(1, 2), UUID.class);
        assertSame(List.of(1, 2), List.class);
        assertSame(Map.of("a", List.of(true)), Map.class);
        assertSame(Optional.of("x"), Optional.class);
        assertSame(new Thumbnail("p", 1, Optional.empty()), Thumbnail.class);
        assertArrayEquals(new byte[] {1, 2}, parent.call("echo", byte[].class, (Object) new byte[] {1, 2}));
        assertArrayEquals(new double[] {1, 2}, parent.call("echo", double[].class, (Object) new double[] {1, 2}));
        assertNull(parent.call("echo", String.class, (Object) null));
    }

    private void assertSame(Object value, Class<?> type) {
        assertEquals(value, parent.call("echo", type, value));
    }

    @Test
    void numbersFitOrAreRefused() {
        child.function("echo", call -> call.arguments().get(0));
        child.start();

        assertEquals(5L, parent.call("echo", long.class, 5));
        assertEquals(5.0, parent.call("echo", double.class, 5));
        assertEquals(new BigDecimal(5), parent.call("echo", BigDecimal.class, 5));
        assertRefused(1.5, int.class);
        assertRefused(1.0, int.class);
        assertRefused(1L << 40, int.class);
        assertRefused(200, byte.class);
        assertRefused("1", int.class);
        assertRefused(1, String.class);
        assertRefused(1, boolean.class);
        assertRefused(null, int.class);
        assertRefused("GREEN", Colour.class);
        assertRefused(List.of(1), Thumbnail.class);
    }

    private void assertRefused(Object value, Class<?> type) {
        Undecodable failure = assertThrows(Undecodable.class, () -> parent.call("echo", type, value));
        String text = String.valueOf(failure.getMessage());
        assertEquals(Undecodable.Subject.ANSWER, failure.subject());
        assertTrue(text.contains("expected=") && text.contains("found="), text);
    }

    @Test
    void attachmentsTravelAsArguments() {
        child.function("swap", call -> {
            NDArray array = call.at(0, NDArray.class);
            return List.of(call.at(1, Attachment.class), array);
        });
        child.function("size", call -> call.at(0, Attachment.class).lengthBytes());
        child.start();

        assertEquals(3, parent.call("size", int.class, Attachment.of(new byte[3])));
        parent.call(
                "swap",
                Void.class,
                new NDArray(Attachment.of(new byte[4]), "<f4", List.of(1), NDArray.Order.C),
                Attachment.of(new byte[5]));
    }
}
