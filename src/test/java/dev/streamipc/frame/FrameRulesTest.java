package dev.streamipc.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameRulesTest {

    private static final int LIMIT = 64;
    private static final Replay SMALL = new Replay(RawFrame.SALT, true, true, false, LIMIT);
    private static final RawFrame PING = RawFrame.of(Kind.PING).id(7);

    /** From docs/PROTOCOL.md, section 3. */
    private static final Map<Integer, Integer> FLAGS_BESIDES_CRC = Map.of(3, 0x2 | 0x4, 8, 0x8);

    @Test
    void verdictOnEveryKindWithEveryFlagAndVersion() {
        List<String> wrong = new ArrayList<>();
        for (int number = 0; number < 256; number++) {
            for (int bit = -1; bit < 16; bit++) {
                for (int version : new int[] {0, 1, 2, 3, 128, 255}) {
                    check(number, bit < 0 ? 0 : 1 << bit, version, wrong);
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    private static void check(int number, int flags, int version, List<String> wrong) {
        boolean flagsFit = (flags & ~(1 | FLAGS_BESIDES_CRC.getOrDefault(number, 0))) == 0;
        boolean legal = version == 1 && number >= 1 && number <= 13 && flagsFit;
        RawFrame frame = RawFrame.of(Kind.PING).kind(number).flags(flags).version(version);
        String expected = legal ? frame.seen() : RecordingSink.VIOLATION;
        List<String> events = SMALL.decode(frame.bytes());
        if (!events.equals(List.of(expected))) {
            wrong.add(frame + " gave " + events);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, true", "64, true", "65, false", "2147483647, false", "2147483648, false", "4294967295, false"})
    void lengthIsUnsignedAndLimited(long lengthBytes, boolean accepted) {
        byte[] header = RawFrame.of(Kind.VOID).flags(1).header((int) lengthBytes);
        RecordingSink sink = SMALL.sinkAfter(header);

        String near = HexFormat.of().formatHex(header);
        String rule = "payload over the limit: lengthBytes=" + lengthBytes + ", maxPayloadBytes=64 @0 " + near;
        assertEquals(accepted ? List.of() : List.of(rule), sink.violations());
    }

    @Test
    void helloHasALimitOfItsOwn() {
        RawFrame hello = RawFrame.of(Kind.HELLO).flags(1);
        Replay generous = Replay.BEFORE_HELLO;
        RawFrame largest = hello.payload(new byte[65_536]);

        assertEquals(List.of(largest.seen()), generous.decode(largest.bytes()));
        assertEquals(List.of(RecordingSink.VIOLATION), generous.decode(hello.header(65_537)));
    }

    @Test
    void idIsZeroWhereNoCallIsMeant() {
        for (Kind kind : Kind.values()) {
            RawFrame frame = RawFrame.of(kind).id(1L << 63);
            // chunks are allowed once both sides have named them
            boolean legal = !kind.idMustBeZero() && kind.number() < Kind.CHUNK.number();

            assertEquals(List.of(legal ? frame.seen() : RecordingSink.VIOLATION), SMALL.decode(frame.bytes()));
        }
    }

    @Test
    void violationSaysRulePlaceAndBytes() {
        byte[] before = Replay.join(Replay.latin1("abc"), PING.bytes());
        RawFrame wrong = RawFrame.of(Kind.PING).id(9).flags(0x8000);
        byte[] bytes = Replay.join(before, wrong.bytes(), new byte[100]);

        String near = HexFormat.of().formatHex(wrong.bytes()) + "0000000000000000";
        assertEquals(
                List.of("flag not allowed here: kind=PING, flags=0x8000, allowedFlags=0x1 @27 " + near),
                SMALL.sinkAfter(bytes).violations());
    }

    @Test
    void rulesAreNamed() {
        assertEquals("unknown frame version: version=2, known=1", ruleBrokenBy(PING.version(2)));
        assertEquals("unknown frame kind: kind=17", ruleBrokenBy(PING.kind(17)));
        assertEquals("reserved frame kind: kind=PART", ruleBrokenBy(PING.kind(15)));
        assertEquals(
                "id is not zero: kind=NOTIFY, id=2a",
                ruleBrokenBy(RawFrame.of(Kind.NOTIFY).id(42)));
    }

    @Test
    void nothingComesOutBehindAViolation() {
        byte[] more = Replay.join(Replay.latin1("junk"), PING.bytes(), new byte[40_000]);
        List<String> events = SMALL.decode(PING.bytes(), PING.kind(99).bytes(), more, more);

        assertEquals(List.of(PING.seen(), RecordingSink.VIOLATION), events);
    }

    @Test
    void strictChannelTakesNoJunk() {
        List<String> expected = List.of(PING.seen(), RecordingSink.VIOLATION);

        assertEquals(expected, Replay.SOCKET.decode(PING.bytes(), Replay.latin1("x")));
        assertEquals(expected, Replay.SOCKET.decode(Replay.join(PING.bytes(), Replay.latin1("x"), PING.bytes())));
        assertEquals(expected, Replay.SOCKET.decode(PING.bytes(), Replay.flipBit(PING.bytes(), 70), PING.bytes()));
        assertEquals(
                List.of("bytes that are no frame: junkBytes=3 @24 616263"),
                Replay.SOCKET.sinkAfter(PING.bytes(), Replay.latin1("abc")).violations());
        assertEquals(
                List.of("bytes that are no frame: junkBytes=3 @24 616263"),
                Replay.SOCKET
                        .sinkAfter(Replay.join(PING.bytes(), Replay.latin1("abc")))
                        .violations());
    }

    @Test
    void strictChannelTakesNoDamage() {
        byte[] bad = Replay.flipBit(RawFrame.request(42, new byte[2]).bytes(), 24 * 8);

        String rule = "payload does not fit its checksum: kind=REQUEST, id=2a, lengthBytes=2 @24 ";
        assertEquals(
                List.of(rule + HexFormat.of().formatHex(bad)),
                Replay.SOCKET.sinkAfter(PING.bytes(), bad).violations());
    }

    @Test
    void strictChannelEndsOnlyBetweenFrames() {
        assertEquals(List.of(PING.seen()), Replay.SOCKET.decode(PING.bytes()));
        assertEquals(
                List.of("stream ended inside a frame: heldBytes=2 @24 fac1"),
                Replay.SOCKET
                        .sinkAfter(PING.bytes(), new byte[] {(byte) 0xFA, (byte) 0xC1})
                        .violations());
    }

    private static String ruleBrokenBy(RawFrame frame) {
        String violation = SMALL.sinkAfter(frame.bytes()).violations().get(0);
        return violation.substring(0, violation.indexOf(" @"));
    }
}
