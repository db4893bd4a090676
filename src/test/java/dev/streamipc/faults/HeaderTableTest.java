package dev.streamipc.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.streamipc.frame.FrameDecoder;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.Message;
import dev.streamipc.serial.json.ControlJson;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Role;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind with every flag and several versions, in each state of a session: one table says what is to come of it. */
@Timeout(300)
class HeaderTableTest {

    static final int[] VERSIONS = {0, 1, 2, 128, 255};
    static final int BYTE = 256;

    /** Each bit of the flags alone, and none. */
    static final int FLAG_SETS = 17;

    /** Whether the salt is known, and whether it is on the frame. */
    static final int SALTINGS = 4;

    private static final long PROBE = WireFrames.CHILD_BIT | 77;
    private static final Matrix MATRIX = Matrix.of(HeaderTableTest.class);
    private static final int MAX_PAYLOAD_BYTES = 1 << 16;

    /** From docs/PROTOCOL.md, section 3: what a kind may carry besides the checksum of its payload. */
    private static final Map<Integer, Integer> FLAGS_BESIDES_CRC = Map.of(3, 0x2 | 0x4, 8, 0x8);

    static boolean isLegal(int version, int kind, int flags) {
        return version == 1 && kind >= 1 && kind <= 13 && (flags & ~(1 | FLAGS_BESIDES_CRC.getOrDefault(kind, 0))) == 0;
    }

    @Test
    void decoderFollowsTheTable() throws Exception {
        MATRIX.runAtOnce("header.table", Combo.BYTES, evidence -> {
            int[] verdicts = new int[3];
            int run = 0;
            for (int salting = 0; salting < SALTINGS; salting++) {
                for (int version : VERSIONS) {
                    for (int kind = 0; kind < BYTE; kind++) {
                        for (int flags = 0; flags < BYTE; flags++) {
                            check(new Cell(salting, version, kind, flags), verdicts, evidence);
                            run++;
                        }
                    }
                }
            }
            evidence.proof("frames", verdicts[0]).proof("junk", verdicts[1]).proof("violations", verdicts[2]);
            assertEquals(Plan.row("header.table").cases(Profile.current()), run, "cells");
        });
    }

    @Test
    void decoderTakesOneVersionAndTheNamedFlagsAlone() throws Exception {
        MATRIX.runAtOnce("header.versions", Combo.BYTES, evidence -> {
            int[] verdicts = new int[3];
            int run = 0;
            for (int version = 0; version < BYTE; version++) {
                for (int kind = 0; kind < BYTE; kind++) {
                    for (int bit = 0; bit < FLAG_SETS; bit++) {
                        // all 16 bits, and none of them
                        int flags = 1 << bit & 0xFFFF;
                        check(new Cell(SALTINGS - 1, version, kind, flags), verdicts, evidence);
                        run++;
                    }
                }
            }
            evidence.proof("frames", verdicts[0]).proof("violations", verdicts[2]);
            assertEquals(Plan.row("header.versions").cases(Profile.current()), run, "cells");
        });
    }

    private record Cell(int salting, int version, int kind, int flags) {

        boolean saltKnown() {
            return (salting & 1) != 0;
        }

        /** Only HELLO goes without salt, and only with it a side is believed. */
        boolean isBelieved() {
            boolean salted = (salting & 2) != 0;
            boolean hello = kind == Kind.HELLO.number();
            return salted ? saltKnown() : hello;
        }

        byte[] bytes() {
            int salt = (salting & 2) != 0 ? WireSide.SALT : 0;
            return new Headers.Head(version, kind, flags, 0, salt).with(new byte[0]);
        }
    }

    private static void check(Cell cell, int[] verdicts, Evidence evidence) {
        FoundFrames found = new FoundFrames();
        FrameDecoder decoder = new FrameDecoder(found, MAX_PAYLOAD_BYTES, true);
        if (cell.saltKnown()) {
            decoder.salt(WireSide.SALT);
        }
        found.feed(decoder, cell.bytes());
        decoder.end();
        int expected = !cell.isBelieved() ? 1 : isLegal(cell.version, cell.kind, cell.flags) ? 0 : 2;
        verdicts[expected]++;
        boolean right = switch (expected) {
            case 0 -> found.frames.size() == 1 && found.junkBytes == 0 && found.violations == 0;
            case 1 -> found.frames.isEmpty() && found.junkBytes > 0 && found.violations == 0;
            default -> found.frames.isEmpty() && found.junkBytes == 0 && found.violations == 1;
        };
        if (!right) {
            evidence.violation(cell + ": " + found);
        }
    }

    /** How far the other side has got. */
    private enum State {
        BEFORE_HELLO,
        BEFORE_READY,
        OPEN
    }

    /** What a payload is, as its kind wants it or not. */
    private enum Body {
        RIGHT,
        EMPTY,
        GARBAGE
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void sessionFollowsTheTable(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        MATRIX.runAtOnce("header.session", combo, evidence -> {
            List<Said> all = said(Profile.current());
            Map<String, Integer> verdicts = new TreeMap<>();
            for (Said said : all) {
                String verdict = verdictOf(combo, said);
                verdicts.merge(verdict, 1, Integer::sum);
                // at once: a session that says nothing takes its time
                assertEquals(said.expected, verdict, said::toString);
            }
            evidence.proof("verdicts", verdicts.toString());
            assertEquals(Plan.row("header.session").cases(Profile.current()), all.size(), "frames");
        });
        MATRIX.after("header.session", before.left());
    }

    private record Said(State state, int version, int kind, int flags, Body body, String expected) {}

    static int sessionFrames(Profile profile) {
        return said(profile).size();
    }

    /** At night all; with every build those that are in use and their neighbours. */
    private static int[] kinds(Profile profile) {
        return IntStream.range(0, BYTE)
                .filter(kind -> profile == Profile.NIGHT || kind < 20 || kind == 127 || kind == 128 || kind == BYTE - 1)
                .toArray();
    }

    /** All that the decoder lets pass, with each body, and of the rest every kind and every bit of flags once. */
    private static List<Said> said(Profile profile) {
        List<Said> all = new ArrayList<>();
        for (State state : State.values()) {
            for (int kind : kinds(profile)) {
                for (int flags = 0; flags < 16; flags++) {
                    if (isLegal(1, kind, flags)) {
                        for (Body body : Body.values()) {
                            all.add(new Said(state, 1, kind, flags, body, expected(state, kind, body)));
                        }
                    }
                }
                if (!isLegal(1, kind, 0)) {
                    all.add(new Said(state, 1, kind, 0, Body.EMPTY, illegal(state, kind)));
                }
            }
            for (int bit = 0; bit < 16; bit++) {
                all.addAll(illegalFlags(state, 1 << bit));
            }
            for (int version : VERSIONS) {
                if (version != 1) {
                    all.add(new Said(state, version, 10, 0, Body.EMPTY, illegal(state, 10)));
                    all.add(new Said(state, version, 1, 1, Body.RIGHT, "PROTOCOL_ERROR"));
                }
            }
        }
        return all;
    }

    private static List<Said> illegalFlags(State state, int flags) {
        List<Said> all = new ArrayList<>();
        for (int kind = 1; kind <= 13; kind++) {
            if (!isLegal(1, kind, flags)) {
                all.add(new Said(state, 1, kind, flags, Body.EMPTY, illegal(state, kind)));
            }
        }
        return all;
    }

    /** Before HELLO nothing else is a frame, so it is no broken rule either. */
    private static String illegal(State state, int kind) {
        return state == State.BEFORE_HELLO && kind != 1 ? "NOTHING" : "PROTOCOL_ERROR";
    }

    /** From docs/PROTOCOL.md, sections 2, 5, 7, 8; what the session says to it before it answers the PING behind it. */
    private static String expected(State state, int kind, Body body) {
        boolean right = body == Body.RIGHT;
        if (state == State.BEFORE_HELLO) {
            return kind != 1 || right ? "NOTHING" : "REFUSED";
        }
        return switch (Kind.of(kind)) {
            case HELLO -> "PROTOCOL_ERROR";
            case READY -> right && state == State.BEFORE_READY ? "NOTHING" : "PROTOCOL_ERROR";
            case REQUEST -> right ? "REPLY" : "FAILURE";
            case PING -> "PONG";
            case GOODBYE -> right ? "CLOSED" : "PROTOCOL_ERROR";
            default -> "NOTHING";
        };
    }

    private static String verdictOf(Combo combo, Said said) throws Exception {
        try (IpcPeer peer = IpcPeer.builder()
                .messages(Talk.ALL)
                .serializers(Talk.serializer(combo))
                .closeLimit(Duration.ofMillis(200))
                .build()) {
            ScriptChannel channel =
                    new ScriptChannel(written -> said.expected.equals(verdict(written)), script(combo, said));
            IpcSession session = peer.createSession(channel, Role.PARENT);
            session.onRequest(Talk.Ask.class, ask -> new Talk.Answer(ask.text()));
            session.onMessage(Talk.Note.class, note -> {});
            session.serve();
            session.awaitClosed(Duration.ofSeconds(10));
            return verdict(channel.written());
        }
    }

    /** Opens the session as far as the state says, says it, opens the session and asks for a sign of life. */
    private static byte[][] script(Combo combo, Said said) {
        WireSide side = WireSide.silent(Role.CHILD, Talk.serializer(combo));
        List<byte[]> script = new ArrayList<>();
        script.add(side.helloFrame());
        script.add(side.readyFrame());
        boolean opens = isLegal(said.version, said.kind, said.flags) && said.body == Body.RIGHT;
        if (opens && said.state != State.OPEN && said.kind == said.state.ordinal() + 1) {
            script.remove(said.state.ordinal());
        }
        script.add(Math.min(said.state.ordinal(), script.size()), bytes(side, said));
        script.add(side.frame(Kind.PING, 0, PROBE, new byte[0]));
        return script.toArray(byte[][]::new);
    }

    /** VOID is a look whether somebody reads, where the input ends before the answer counts as given. */
    private static final Set<Kind> SAYS_NOTHING = EnumSet.of(Kind.HELLO, Kind.READY, Kind.VOID);

    /** What a session said to what it heard: the reason of its goodbye, else what it answered, if it lives. */
    private static String verdict(byte[] written) {
        String verdict = "NOTHING";
        boolean lives = false;
        for (WireSide.Seen frame : FoundFrames.of(written).frames) {
            if (frame.kind() == Kind.GOODBYE) {
                return frame.text("reason");
            }
            if (frame.id() == PROBE) {
                lives = true;
            } else if (!SAYS_NOTHING.contains(frame.kind())) {
                verdict = frame.kind().name();
            }
        }
        return lives ? verdict : "SILENCE";
    }

    private static byte[] bytes(WireSide side, Said said) {
        boolean hello = said.kind == Kind.HELLO.number();
        boolean asks = said.kind == Kind.REQUEST.number() || said.kind == Kind.PING.number();
        boolean ofNoCall = hello || said.kind == 2 || said.kind == 6 || said.kind == 12;
        long id = ofNoCall ? 0 : asks ? WireFrames.CHILD_BIT | 9 : 9;
        return new Headers.Head(said.version, said.kind, said.flags, id, hello ? 0 : WireSide.SALT)
                .with(payload(side, said));
    }

    private static byte[] payload(WireSide side, Said said) {
        return switch (said.body) {
            case EMPTY -> new byte[0];
            case GARBAGE -> "\u00ff\u0000[{garbage".getBytes(StandardCharsets.ISO_8859_1);
            case RIGHT -> right(side, said.kind);
        };
    }

    private static byte[] right(WireSide side, int kind) {
        Message answer = new Talk.Answer("yes");
        return switch (kind) {
            case 1 -> body(side.helloFrame());
            case 2 -> body(side.readyFrame());
            case 3 -> side.asked(new Talk.Ask("hi"), 5_000);
            case 4, 8 -> side.typed(answer);
            case 5 -> ControlJson.write(Map.of("failure", "Rejected", "reason", "UNHANDLED", "facts", ""));
            case 6 -> side.typed(new Talk.Note(1));
            case 12 -> body(side.goodbyeFrame());
            default -> new byte[0];
        };
    }

    private static byte[] body(byte[] frame) {
        byte[] body = new byte[frame.length - 28];
        ByteBuffer.wrap(frame, 24, body.length).get(body);
        return body;
    }
}
