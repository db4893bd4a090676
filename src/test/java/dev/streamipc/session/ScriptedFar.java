package dev.streamipc.session;

import dev.streamipc.frame.Feature;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Frame;
import dev.streamipc.frame.FrameDecoder;
import dev.streamipc.frame.FrameEncoder;
import dev.streamipc.frame.FrameHeader;
import dev.streamipc.frame.FrameSink;
import dev.streamipc.frame.Kind;
import dev.streamipc.fuzz.Script;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import dev.streamipc.serial.TypeEntry;
import dev.streamipc.serial.TypeRegistry;
import dev.streamipc.serial.json.ControlJson;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Note;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The other side of a scripted session: says what the script says, right or wrong, and notes what it hears. */
final class ScriptedFar implements FrameSink {

    private static final Pattern NUMBER = Pattern.compile("#(\\d+);");
    private static final List<TypeEntry> ENTRIES =
            TypeRegistry.of(FakeSide.TYPES).entries();
    private static final byte[] NOTE = FakeSide.typed(Note.class, "{\"number\":7}");
    private static final byte[] ANSWER = FakeSide.typed(Answer.class, "{\"text\":\"done\"}");
    private static final int MOST_FAILURE_BYTES = 4_096;
    private static final int HEAD_BYTES = Short.BYTES + Integer.BYTES;

    private final Script script;
    private final Role role;
    private final SimLink toSession;
    private final SimLink fromSession;
    private final FrameEncoder encoder = new FrameEncoder(FakeSide.SALT);
    private final FrameDecoder decoder = new FrameDecoder(this, 1 << 24, true);
    private final List<Long> requestIds = new ArrayList<>();
    private final Set<Integer> seen = new HashSet<>();
    private boolean deaf;
    private boolean maySaySo;
    private int requests;
    private int handlerRuns;

    ScriptedFar(Script script, Role role, SimLink toSession, SimLink fromSession) {
        this.script = script;
        this.role = role;
        this.toSession = toSession;
        this.fromSession = fromSession;
    }

    /** HELLO and READY as they should be. */
    void open() {
        hello(0);
        send(Kind.READY, 0, 0, ControlJson.write(Map.of("reads", "reader")));
    }

    void say(int choice) {
        switch (choice) {
            case 0 -> hello(script.below(8));
            case 1 -> any();
            case 2 -> reply();
            case 3 -> failure();
            case 4 -> request();
            case 5 -> odd();
            case 6 -> chunks();
            default -> streamsOrDeaf(script.below(4));
        }
    }

    private void streamsOrDeaf(int choice) {
        deaf = choice == 0;
        if (choice == 1) {
            streams(script.below(4));
        }
    }

    /** Parts and demands, of calls that stream and of others, and requests that do. */
    private void streams(int choice) {
        switch (choice) {
            case 0 -> send(Kind.DEMAND, 0, id(), FakeSide.count(script.next()));
            case 1 -> parts(id(), script.below(24));
            case 2 -> send(Kind.PART, Flags.LAST_PART, id(), FakeSide.count(script.below(24)));
            default -> {
                long direction = role == Role.CHILD ? Long.MIN_VALUE : 0;
                int flags = script.next() << 8 & (Flags.WANT_PARTS | Flags.BRINGS_PARTS);
                byte[] count = FakeSide.asked(Streams.Count.class, script.next() - 1, "{\"upTo\":1,\"bytes\":1}");
                byte[] sum = FakeSide.asked(Streams.Sum.class, script.next() - 1, "{\"name\":\"x\"}");
                send(Kind.REQUEST, flags, direction | script.below(32), script.below(2) == 0 ? count : sum);
            }
        }
    }

    private void parts(long id, int count) {
        for (int i = 0; i < count; i++) {
            send(Kind.PART, 0, id, FakeSide.part(i, Streams.Part.class, "{\"number\":1,\"bytes\":\"\"}"));
        }
    }

    private void hello(int how) {
        Hello hello = new Hello(
                1,
                how == 1 ? 0 : 1,
                how == 2 && role == Role.PARENT ? Role.CHILD : role,
                "fake",
                how == 3 ? List.of() : List.of("json"),
                how == 4 ? List.of() : ENTRIES,
                how == 5 ? 4_096 : 1 << 20,
                FakeSide.SALT,
                how == 6 ? List.of() : Feature.wireNames(),
                null);
        try {
            send(Kind.HELLO, 0, 0, how == 7 ? script.bytes(script.next()) : hello.toJson());
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Any kind, with any flags that the encoder lets pass, any id, and a payload that may be of another kind. */
    private void any() {
        Kind kind = Kind.values()[script.below(Kind.CHUNK.number())];
        int flags = script.next() & kind.allowedFlags();
        long id = kind.idMustBeZero() ? 0 : id();
        send(kind, flags, id, payload());
    }

    private byte[] payload() {
        return switch (script.below(8)) {
            case 0 -> new byte[0];
            case 1 -> NOTE;
            case 2 -> ANSWER;
            case 3 -> FakeSide.asked(Ask.class, script.next(), "{\"text\":\"x\"}");
            case 4 -> new Goodbye(Goodbye.Reason.values()[script.below(3)], "bye", last()).toJson();
            case 5 -> script.bytes(script.next());
            case 6 -> ControlJson.write(Map.of("reads", script.below(2) == 0 ? "pump" : "reader"));
            default -> new byte[script.next() << 6];
        };
    }

    private OptionalLong last() {
        return script.below(2) == 0 ? OptionalLong.empty() : OptionalLong.of(id());
    }

    /** Most often one of the session's own requests. */
    private long id() {
        int choice = script.next();
        if (!requestIds.isEmpty() && choice % 4 != 0) {
            return requestIds.get(choice / 4 % requestIds.size());
        }
        return (choice & 8) == 0 ? choice : choice | Long.MIN_VALUE;
    }

    private void reply() {
        send(Kind.REPLY, 0, id(), script.below(4) == 0 ? payload() : ANSWER);
    }

    private void failure() {
        byte[] json = switch (script.below(5)) {
            case 0 -> FailureJson.handlerFailed(new IllegalStateException("there"), MOST_FAILURE_BYTES);
            case 1 -> FailureJson.rejected(reason(), "there", MOST_FAILURE_BYTES);
            case 2 -> FailureJson.deadlinePassed(phase(), MOST_FAILURE_BYTES);
            case 3 -> script.bytes(script.next());
            default -> ControlJson.write(Map.of("failure", text(script.bytes(script.next()))));
        };
        send(Kind.FAILURE, 0, id(), json);
    }

    private Rejected.Reason reason() {
        return Rejected.Reason.values()[script.below(Rejected.Reason.values().length)];
    }

    private Phase phase() {
        return Phase.values()[script.below(3)];
    }

    private void request() {
        int choice = script.next();
        long direction = role == Role.CHILD ? Long.MIN_VALUE : 0;
        int choices = script.next();
        int flags = choices & (Flags.WANT_STARTED | Flags.WANT_PROGRESS);
        String deed = String.valueOf("tnbpcwlx".charAt(choice & 7));
        byte[] asked = FakeSide.asked(Ask.class, script.next() - 1, "{\"text\":\"" + deed + "\"}");
        if (choices < 0x80) {
            send(Kind.REQUEST, flags, direction | choice >>> 3, asked);
        } else {
            send(Kind.REQUEST, flags | Flags.ATTEMPT, direction | choice >>> 3, attempted(asked, choices));
        }
    }

    /** Good and bad ones: attempts from 0 on, and keys that are longer, shorter or other than they claim. */
    private static byte[] attempted(byte[] asked, int choices) {
        byte[] key = "k\u00FC1".getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(asked.length + 2 * Short.BYTES + key.length)
                .put(asked, 0, HEAD_BYTES)
                .putShort((short) (choices >>> 5 & 3))
                .putShort((short) (choices >>> 3 & 3 | (choices & 1) << 2))
                .put(key)
                .put(asked, HEAD_BYTES, asked.length - HEAD_BYTES)
                .array();
    }

    /** Bytes of others, or a frame with one flipped bit. */
    private void odd() {
        if (script.below(2) == 0) {
            write(script.bytes(script.next()));
            return;
        }
        maySaySo = true;
        Kind kind = Kind.values()[script.below(Kind.VOID.number())];
        byte[] frame = frame(kind, Flags.PAYLOAD_CRC, kind.idMustBeZero() ? 0 : id(), NOTE);
        frame[script.next() % frame.length] ^= (byte) (1 << script.below(8));
        write(frame);
    }

    private void chunks() {
        byte[] frame = frame(Kind.values()[script.below(Kind.CHUNK.number())], 0, 0, payload());
        int pieceBytes = 1 + script.next() * 16;
        int most = 1 + script.below(64);
        long number = script.below(6);
        for (int at = 0, turn = 0; at < frame.length && turn < most; at += pieceBytes, turn++) {
            int first = at == 0 ? Flags.FIRST_CHUNK : 0;
            int last = at + pieceBytes >= frame.length ? Flags.LAST_CHUNK : 0;
            send(
                    Kind.CHUNK,
                    first | last,
                    number,
                    Arrays.copyOfRange(frame, at, Math.min(frame.length, at + pieceBytes)));
        }
        maySaySo = true;
    }

    private void send(Kind kind, int flags, long id, byte[] payload) {
        requests += kind == Kind.REQUEST || kind == Kind.CHUNK ? 1 : 0;
        maySaySo |= kind == Kind.FAILURE || kind == Kind.GOODBYE;
        write(frame(kind, flags, id, payload));
    }

    private byte[] frame(Kind kind, int flags, long id, byte[] payload) {
        byte[] frame = new byte[FrameHeader.LENGTH_BYTES + payload.length + FrameHeader.CRC_LENGTH_BYTES];
        System.arraycopy(payload, 0, frame, FrameHeader.LENGTH_BYTES, payload.length);
        return Arrays.copyOf(frame, encoder.seal(frame, payload.length, kind.with(flags), id));
    }

    /** What there is no room for is lost, as if this side had stopped in the middle of a frame. */
    private void write(byte[] bytes) {
        try {
            int at = 0;
            int count = -1;
            while (at < bytes.length && count != 0) {
                count = toSession.offer(bytes, at, bytes.length - at);
                at += count;
            }
            maySaySo |= at < bytes.length;
        } catch (IOException gone) {
            deaf = true;
        }
    }

    /** Reads what has come, unless the script made this side deaf for now. */
    void hear() {
        if (!deaf) {
            hearAll();
        }
    }

    /** Reads what has come, and notes the requests. */
    void hearAll() {
        while (fromSession.isReadable()) {
            try {
                int bytes = fromSession.read(decoder.room());
                if (bytes < 0) {
                    return;
                }
                decoder.received(bytes);
            } catch (IOException closedHere) {
                return;
            }
        }
    }

    /** Returns whether this side may itself have said that a call was not executed. */
    boolean maySaySo() {
        return maySaySo;
    }

    boolean hasSeen(int call) {
        return seen.contains(call);
    }

    int requests() {
        return requests;
    }

    int handlerRuns() {
        return handlerRuns;
    }

    void handled() {
        handlerRuns++;
    }

    @Override
    public void frame(Frame frame) {
        byte[] payload = Arrays.copyOfRange(
                frame.payload(), frame.payloadOffset(), frame.payloadOffset() + frame.payloadLength());
        if (frame.kind() == Kind.HELLO) {
            decoder.salt(saltOf(payload));
            decoder.allow(EnumSet.allOf(Feature.class));
        } else if (frame.kind() == Kind.REQUEST) {
            requestIds.add(frame.id());
            Matcher number = NUMBER.matcher(text(payload));
            if (number.find()) {
                seen.add(Integer.parseInt(number.group(1)));
            }
        }
    }

    private static int saltOf(byte[] payload) {
        try {
            return Hello.fromJson(payload, 0, payload.length).salt();
        } catch (IOException malformed) {
            throw new AssertionError(malformed);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void damaged(Frame head) {
        throw new AssertionError("a damaged frame from the session: " + head.kind());
    }

    @Override
    public void junk(byte[] bytes, int offset, int length) {
        throw new AssertionError("junk from the session: length=" + length);
    }

    @Override
    public void violation(String rule, long offsetBytes, String hexNear) {
        throw new AssertionError("the session breaks the protocol: " + rule);
    }
}
