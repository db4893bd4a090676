package dev.streamipc.serial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.Message;
import dev.streamipc.serial.MessageSerializer.Codec;
import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.serial.kryo.KryoMessageSerializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses, and what else both serializers treat with care. {@code localhost} is a name that every machine knows. */
final class CarefulValuesTest {

    private static final TypeRegistry REGISTRY =
            TypeRegistry.of(List.of(Host.class, Socket.class, Rule.class, Block.class));
    private static final Codec KRYO = new KryoMessageSerializer().codec(REGISTRY.agree(REGISTRY.entries(), true));
    private static final Codec JSON = new JsonMessageSerializer().codec(REGISTRY.agree(REGISTRY.entries(), false));

    @Test
    void nobodyAsksForTheNameOfAnAddress() throws IOException {
        for (Codec codec : List.of(KRYO, JSON)) {
            InetAddress local = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});

            Host again = (Host) again(codec, new Host(local));

            assertEquals("/127.0.0.1", local.toString());
            assertEquals("/127.0.0.1", String.valueOf(again.value()));
        }
    }

    @Test
    void nobodyAsksForTheAddressOfAName() throws IOException {
        for (Codec codec : List.of(KRYO, JSON)) {
            Socket again = (Socket) again(codec, new Socket(InetSocketAddress.createUnresolved("localhost", 80)));

            assertTrue(Objects.requireNonNull(again.value()).isUnresolved());
            assertEquals("localhost", again.value().getHostString());
        }
    }

    @Test
    void kryoKeepsTheNameOfAnAddress() throws IOException {
        InetAddress named = InetAddress.getByAddress("db.example", new byte[] {10, 0, 0, 1});

        assertEquals(named.toString(), String.valueOf(((Host) again(KRYO, new Host(named))).value()));
        Socket socket = (Socket) again(KRYO, new Socket(new InetSocketAddress(named, 80)));
        assertEquals("db.example", Objects.requireNonNull(socket.value()).getHostString());
    }

    @Test
    void scopeOfALocalAddressIsKept() throws IOException {
        byte[] bytes = {(byte) 0xfe, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
        for (Codec codec : List.of(KRYO, JSON)) {
            Host again = (Host) again(codec, new Host(Inet6Address.getByAddress(null, bytes, 3)));

            Inet6Address address = (Inet6Address) Objects.requireNonNull(again.value());
            assertEquals(3, address.getScopeId());
            assertEquals("fe80:0:0:0:0:0:0:1%3", address.getHostAddress());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1:80,192.0.2.1:80",
        "[::1]:0,[0:0:0:0:0:0:0:1]:0",
        "[fe80::1%7]:9,[fe80:0:0:0:0:0:0:1%7]:9",
        "[::ffff:192.0.2.1]:1,192.0.2.1:1",
        "example.org:65535,example.org:65535",
        "999.0.0.1:5,",
        ":5,:5"
    })
    void jsonHasHostAndPort(String text, @Nullable String again) throws IOException {
        String json = "{\"value\":\"" + text + "\"}";
        if (again == null) {
            assertThrows(IOException.class, () -> decode(JSON, Socket.class, json.getBytes(StandardCharsets.UTF_8)));
        } else {
            Message socket = decode(JSON, Socket.class, json.getBytes(StandardCharsets.UTF_8));
            assertEquals("{\"value\":\"" + again + "\"}", new String(encode(JSON, socket), StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "example.org",
                "",
                "1.2.3",
                "1.2.3.4.5",
                "256.0.0.1",
                "0x7f.0.0.1",
                "2130706433",
                "::g",
                ":::",
                "1:2",
                "[::1]",
                "::1%lo",
                "::1%",
                "fe80::1%9999999999",
                "1.2.3.4%1",
                "::1 ",
                " ::1",
                "１.2.3.4"
            })
    void jsonTakesAddressesOnly(String text) {
        byte[] json = ("{\"value\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8);

        assertThrows(IOException.class, () -> decode(JSON, Host.class, json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:",
                "localhost:x",
                "localhost:-1",
                "localhost:+1",
                "localhost:65536",
                "localhost:123456",
                "[localhost]:80",
                "[1.2.3.4]:80",
                "::1:80",
                "[::1]",
                "[::1]80",
                "a:b:1",
                "[]:1",
                "localhost: 80"
            })
    void jsonTakesNoOtherSockets(String text) {
        byte[] json = ("{\"value\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8);

        assertThrows(IOException.class, () -> decode(JSON, Socket.class, json));
    }

    @Test
    void lengthOfAnAddressIsFourOrSixteen() throws IOException {
        byte[] payload = encode(KRYO, new Host(InetAddress.getByAddress(new byte[] {10, 0, 0, 1})));
        for (int length = Byte.MIN_VALUE; length <= Byte.MAX_VALUE; length++) {
            payload[1] = (byte) length;
            if (length != 4 && length != 16) {
                RuntimeException refused =
                        assertThrows(RuntimeException.class, () -> decode(KRYO, Host.class, payload));
                assertEquals("network address of 4 or 16 bytes expected: bytes=" + length, refused.getMessage());
            }
        }
    }

    @Test
    void patternWithFlagsHasNoJson() throws IOException {
        Pattern dots = Pattern.compile("a.b", Pattern.DOTALL);

        Pattern again = Objects.requireNonNull(((Rule) again(KRYO, new Rule(dots))).value());
        assertEquals(Pattern.DOTALL, again.flags());
        Exception refused = assertThrows(Exception.class, () -> encode(JSON, new Rule(dots)));
        assertTrue(refused.toString().contains("pattern has flags, for which JSON has no place"), refused.toString());
        Exception inside = assertThrows(Exception.class, () -> encode(KRYO, new Rule(Pattern.compile("a(?i)b"))));
        assertTrue(inside.toString().contains("pattern switches a flag in the middle"), inside.toString());
    }

    @Test
    void patternOverTheBoundsIsNotCompiled() throws IOException {
        byte[] payload = encode(KRYO, new Rule(Pattern.compile("abc")));
        payload[1] = (byte) Pattern.CANON_EQ;
        String json = "{\"value\":\"" + "a".repeat(Patterns.MAX_CHARS + 1) + "\"}";

        assertThrows(RuntimeException.class, () -> decode(KRYO, Rule.class, payload));
        assertThrows(IOException.class, () -> decode(JSON, Rule.class, json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void bytesThatAreLeftInABufferTravelAndStayThere() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(10_000);
        while (buffer.hasRemaining()) {
            buffer.put((byte) buffer.position());
        }
        buffer.position(10).limit(9_990);
        for (Codec codec : List.of(KRYO, JSON)) {
            ByteBuffer again = Objects.requireNonNull(((Block) again(codec, new Block(buffer))).value());

            assertEquals(buffer, again);
            assertEquals(0, again.position());
            assertEquals(9_980, again.capacity());
            assertFalse(again.isDirect());
            assertEquals(10, buffer.position());
        }
    }

    private static Message again(Codec codec, Message message) throws IOException {
        return decode(codec, message.getClass(), encode(codec, message));
    }

    private static byte[] encode(Codec codec, Message message) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        codec.encode(message, out);
        return out.toByteArray();
    }

    private static Message decode(Codec codec, Class<? extends Message> type, byte[] payload) throws IOException {
        return codec.decode(type, payload, 0, payload.length);
    }

    record Host(@Nullable InetAddress value) implements Message {}

    record Socket(@Nullable InetSocketAddress value) implements Message {}

    record Rule(@Nullable Pattern value) implements Message {}

    record Block(@Nullable ByteBuffer value) implements Message {}
}
