package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.frame.Feature;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Frame;
import dev.streamipc.frame.FrameDecoder;
import dev.streamipc.frame.FrameEncoder;
import dev.streamipc.frame.FrameHeader;
import dev.streamipc.frame.FrameSink;
import dev.streamipc.frame.Kind;
import dev.streamipc.serial.TypeRegistry;
import dev.streamipc.serial.json.ControlJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The other side of a session, frame by frame, so that a test can say and see what no real session would. */
final class FakeSide implements FrameSink, AutoCloseable {

    static final int SALT = 0x5A17_5A17;
    static final List<Class<?>> TYPES =
            Stream.of(Samples.ALL, Streams.ALL).flatMap(Arrays::stream).toList();

    private final IpcChannel channel;
    private final Role role;
    private final FrameEncoder encoder = new FrameEncoder(SALT);
    private final FrameDecoder decoder;
    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();

    /** A frame that came in. */
    record Seen(Kind kind, int flags, long id, byte[] payload) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        Map<String, Object> json() throws IOException {
            return ControlJson.read(payload, 0, payload.length);
        }
    }

    private FakeSide(IpcChannel channel, Role role) {
        this.channel = channel;
        this.role = role;
        this.decoder = new FrameDecoder(this, 1 << 20, channel.mayCarryJunk());
    }

    static FakeSide on(IpcChannel channel, Role role) {
        FakeSide side = new FakeSide(channel, role);
        side.read();
        return side;
    }

    /** Reads nothing until {@link #read} is called. */
    static FakeSide deaf(IpcChannel channel, Role role) {
        return new FakeSide(channel, role);
    }

    void read() {
        Thread thread = new Thread(this::readOn, "fake-side");
        thread.setDaemon(true);
        thread.start();
    }

    private void readOn() {
        try {
            int bytes = channel.read(decoder.room());
            while (bytes >= 0) {
                decoder.received(bytes);
                bytes = channel.read(decoder.room());
            }
        } catch (IOException closed) {
            // the session under test is gone
        }
        seen.add(new Seen(Kind.VOID, -1, 0, new byte[0]));
    }

    /** Says HELLO with the JSON serializer and the sample types. */
    FakeSide hello() throws IOException {
        send(Kind.HELLO, 0, 0, helloJson(List.of("json")));
        return this;
    }

    /** Says the same, and names all features. */
    FakeSide helloWithFeatures() throws IOException {
        send(Kind.HELLO, 0, 0, helloJson(List.of("json"), Feature.wireNames()));
        decoder.allow(EnumSet.allOf(Feature.class));
        return this;
    }

    byte[] helloJson(List<String> serializers) throws IOException {
        return helloJson(serializers, List.of());
    }

    private byte[] helloJson(List<String> serializers, List<String> features) throws IOException {
        return new Hello(
                        1,
                        1,
                        role,
                        "fake",
                        serializers,
                        TypeRegistry.of(TYPES).entries(),
                        1 << 20,
                        SALT,
                        features,
                        null)
                .toJson();
    }

    FakeSide ready(String reads) throws IOException {
        send(Kind.READY, 0, 0, ControlJson.write(Map.of("reads", reads)));
        return this;
    }

    void send(Kind kind, int flags, long id, byte[] payload) throws IOException {
        sendRaw(frame(kind, flags, id, payload));
    }

    void send(Kind kind, long id, String payload) throws IOException {
        send(kind, 0, id, payload.getBytes(StandardCharsets.UTF_8));
    }

    byte[] frame(Kind kind, int flags, long id, byte[] payload) {
        byte[] frame = new byte[FrameHeader.LENGTH_BYTES + payload.length + FrameHeader.CRC_LENGTH_BYTES];
        System.arraycopy(payload, 0, frame, FrameHeader.LENGTH_BYTES, payload.length);
        int crc = payload.length > 0 ? Flags.PAYLOAD_CRC : 0;
        return Arrays.copyOf(frame, encoder.seal(frame, payload.length, kind.with(flags | crc), id));
    }

    void sendRaw(byte[] bytes) throws IOException {
        channel.write(ByteBuffer.wrap(bytes));
    }

    /** A body behind its type number, as a payload of NOTIFY or REPLY. */
    static byte[] typed(Class<?> type, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + body.length)
                .putShort(number(type))
                .put(body)
                .array();
    }

    /** A body behind its type number and time left, as a payload of REQUEST. */
    static byte[] asked(Class<?> type, int timeLeftMillis, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(6 + body.length)
                .putShort(number(type))
                .putInt(timeLeftMillis)
                .put(body)
                .array();
    }

    /** A body behind its number and type number, as a payload of PART. */
    static byte[] part(long number, Class<?> type, String json) {
        byte[] typed = typed(type, json);
        return ByteBuffer.allocate(Long.BYTES + typed.length)
                .putLong(number)
                .put(typed)
                .array();
    }

    /** A payload of DEMAND, or of the last PART. */
    static byte[] count(long count) {
        return ByteBuffer.allocate(Long.BYTES).putLong(count).array();
    }

    static short number(Class<?> type) {
        TypeRegistry registry = TypeRegistry.of(TYPES);
        return (short) registry.agree(registry.entries(), false).numberOf(type);
    }

    /** Waits for the next frame of a kind; frames of other kinds before it are passed over. */
    Seen await(Kind kind) throws InterruptedException {
        Seen next = seen.poll(10, TimeUnit.SECONDS);
        while (next != null && (next.kind() != kind || next.flags() < 0)) {
            next = seen.poll(10, TimeUnit.SECONDS);
        }
        assertNotNull(next, "no frame of kind " + kind);
        return next;
    }

    /** Waits for the next frame of any kind. */
    Seen next() throws InterruptedException {
        Seen next = seen.poll(10, TimeUnit.SECONDS);
        assertNotNull(next, "no frame");
        return next;
    }

    /** Waits for the end of the stream. */
    void awaitEnd() throws InterruptedException {
        Seen next = seen.poll(10, TimeUnit.SECONDS);
        while (next != null && next.flags() >= 0) {
            next = seen.poll(10, TimeUnit.SECONDS);
        }
        assertNotNull(next, "the stream has not ended");
    }

    /** The frames that came in and were not awaited. */
    List<Seen> rest() {
        return List.copyOf(seen);
    }

    @Override
    public void frame(Frame frame) {
        byte[] payload = Arrays.copyOfRange(
                frame.payload(), frame.payloadOffset(), frame.payloadOffset() + frame.payloadLength());
        seen.add(new Seen(frame.kind(), frame.flags(), frame.id(), payload));
        if (frame.kind() == Kind.HELLO) {
            decoder.salt(saltOf(payload));
        }
    }

    private static int saltOf(byte[] payload) {
        try {
            return Hello.fromJson(payload, 0, payload.length).salt();
        } catch (IOException malformed) {
            throw new AssertionError(malformed);
        }
    }

    @Override
    public void damaged(Frame head) {
        throw new AssertionError("damaged frame from the session under test: " + head.kind());
    }

    @Override
    public void junk(byte[] bytes, int offset, int length) {
        throw new AssertionError("junk from the session under test");
    }

    @Override
    public void violation(String rule, long offsetBytes, String hexNear) {
        throw new AssertionError("violation by the session under test: " + rule);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
