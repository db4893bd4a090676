package dev.streamipc.faults;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Frame;
import dev.streamipc.frame.FrameDecoder;
import dev.streamipc.frame.FrameEncoder;
import dev.streamipc.frame.FrameHeader;
import dev.streamipc.frame.FrameSink;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.Message;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.SharedTypes;
import dev.streamipc.serial.TypeEntry;
import dev.streamipc.serial.TypeRegistry;
import dev.streamipc.serial.json.ControlJson;
import dev.streamipc.session.Role;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The other side of a session, byte by byte: says whatever a row wants, and keeps what the session says. */
final class WireSide implements FrameSink, AutoCloseable {

    static final int SALT = 0x5A17_5A17;
    private static final int MAX_PAYLOAD_BYTES = 1 << 24;
    private static final long WAIT_SECONDS = 15;
    private static final TypeRegistry REGISTRY = TypeRegistry.of(List.of(Talk.ALL));

    /** Those of a side that knows no functions by name, which stand behind the others. */
    private static final List<TypeEntry> ENTRIES = REGISTRY.entries().stream()
            .filter(entry -> !entry.name().startsWith("streamipc."))
            .toList();

    /** How many there are; they count from 0. */
    static final int TYPES = ENTRIES.size();

    private final IpcChannel channel;
    private final Role role;
    private final MessageSerializer serializer;
    private final SharedTypes types;
    private final FrameEncoder encoder = new FrameEncoder(SALT);
    private final FrameDecoder decoder;
    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    private volatile Listener listener = (side, frame) -> seen.add(frame);

    /** A frame that came in; without a kind it is the end of the stream. */
    record Seen(Kind kind, int flags, long id, byte[] payload) {
        /** Returns a field of a control frame. */
        String text(String field) {
            try {
                return String.valueOf(
                        ControlJson.read(payload, 0, payload.length).get(field));
            } catch (IOException malformed) {
                throw new AssertionError(malformed);
            }
        }
    }

    /** Answers frames on the thread that reads them. */
    @FunctionalInterface
    interface Listener {
        void heard(WireSide side, Seen frame) throws IOException;
    }

    private WireSide(IpcChannel channel, Role role, MessageSerializer serializer) {
        this.channel = channel;
        this.role = role;
        this.serializer = serializer;
        this.types = REGISTRY.agree(ENTRIES, serializer.needsEqualShapes());
        this.decoder = new FrameDecoder(this, MAX_PAYLOAD_BYTES, channel.mayCarryJunk());
    }

    /** Reads from now on. */
    static WireSide on(IpcChannel channel, Role role, MessageSerializer serializer) {
        WireSide side = new WireSide(channel, role, serializer);
        side.read();
        return side;
    }

    /** Reads nothing before {@link #read}. */
    static WireSide deaf(IpcChannel channel, Role role, MessageSerializer serializer) {
        return new WireSide(channel, role, serializer);
    }

    /** Only makes frames. */
    static WireSide silent(Role role, MessageSerializer serializer) {
        return new WireSide(MemoryChannel.pair(1).left(), role, serializer);
    }

    void read() {
        Thread thread = new Thread(this::readOn, "wire-side");
        thread.setDaemon(true);
        thread.start();
    }

    /** Gives all frames from now on to a listener, and keeps none. */
    void listen(Listener to) {
        listener = to;
    }

    private void readOn() {
        try {
            int bytes = channel.read(decoder.room());
            while (bytes >= 0) {
                decoder.received(bytes);
                bytes = channel.read(decoder.room());
            }
        } catch (IOException closed) {
            // the session is gone, as the row wants it
        }
        seen.add(new Seen(null, 0, 0, new byte[0]));
    }

    WireSide hello() throws IOException {
        raw(helloFrame());
        return this;
    }

    WireSide ready() throws IOException {
        raw(readyFrame());
        return this;
    }

    byte[] helloFrame() {
        List<Map<String, String>> entries = ENTRIES.stream()
                .map(entry -> Map.of("name", entry.name(), "hash", entry.hash()))
                .toList();
        return frame(
                Kind.HELLO,
                0,
                0,
                ControlJson.write(Map.of(
                        "protocol", "stream-ipc",
                        "versions", List.of(1, 1),
                        "role", role.name().toLowerCase(Locale.ROOT),
                        "name", "wire side",
                        "serializers", List.of(serializer.name()),
                        "types", entries,
                        "limits", Map.of("maxPayloadBytes", MAX_PAYLOAD_BYTES),
                        "salt", HexFormat.of().toHexDigits(SALT))));
    }

    byte[] readyFrame() {
        return frame(Kind.READY, 0, 0, ControlJson.write(Map.of("reads", "reader")));
    }

    byte[] goodbyeFrame() {
        return frame(Kind.GOODBYE, 0, 0, ControlJson.write(Map.of("reason", "CLOSED", "text", "done")));
    }

    void send(Kind kind, long id, byte[] payload) throws IOException {
        raw(frame(kind, 0, id, payload));
    }

    void reply(long id, Message answer) throws IOException {
        send(Kind.REPLY, id, typed(answer));
    }

    void raw(byte[] bytes) throws IOException {
        channel.write(ByteBuffer.wrap(bytes));
    }

    byte[] frame(Kind kind, int flags, long id, byte[] payload) {
        byte[] frame = new byte[FrameHeader.LENGTH_BYTES + payload.length + FrameHeader.CRC_LENGTH_BYTES];
        System.arraycopy(payload, 0, frame, FrameHeader.LENGTH_BYTES, payload.length);
        int crc = payload.length > 0 ? Flags.PAYLOAD_CRC : 0;
        return Arrays.copyOf(frame, encoder.seal(frame, payload.length, kind.with(flags | crc), id));
    }

    /** The payload of REPLY and NOTIFY. */
    byte[] typed(Message message) {
        return payload(message, new byte[0]);
    }

    /** The payload of REQUEST. */
    byte[] asked(Message request, int timeLeftMillis) {
        return payload(request, ByteBuffer.allocate(4).putInt(timeLeftMillis).array());
    }

    private byte[] payload(Message message, byte[] between) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(payload)) {
            out.writeShort(types.numberOf(message.getClass()));
            out.write(between);
            serializer.codec(types).encode(message, out);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return payload.toByteArray();
    }

    /** Returns the text of an Answer that came as a notification. */
    String textOf(Seen note) throws IOException {
        byte[] payload = note.payload();
        Message message = serializer.codec(types).decode(Talk.Answer.class, payload, 2, payload.length - 2);
        return ((Talk.Answer) message).text();
    }

    /** Waits for the next frame of a kind; frames of other kinds before it are passed over. */
    Seen await(Kind kind) throws InterruptedException {
        Seen next = seen.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        while (next != null && next.kind() != null && next.kind() != kind) {
            next = seen.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        }
        assertNotNull(next, "no frame of kind " + kind);
        assertNotNull(next.kind(), "the stream ended without a frame of kind " + kind);
        return next;
    }

    /** Waits for the end of the stream and returns the frames before it. */
    List<Seen> awaitEnd() throws InterruptedException {
        List<Seen> before = new java.util.ArrayList<>();
        Seen next = seen.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        while (next != null && next.kind() != null) {
            before.add(next);
            next = seen.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        }
        assertNotNull(next, "the stream has not ended");
        return before;
    }

    @Override
    public void frame(Frame frame) {
        byte[] payload = Arrays.copyOfRange(
                frame.payload(), frame.payloadOffset(), frame.payloadOffset() + frame.payloadLength());
        Seen now = new Seen(frame.kind(), frame.flags(), frame.id(), payload);
        try {
            if (frame.kind() == Kind.HELLO) {
                decoder.salt(HexFormat.fromHexDigits(now.text("salt")));
            }
            listener.heard(this, now);
        } catch (IOException closed) {
            // the session is gone, as the row wants it
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
