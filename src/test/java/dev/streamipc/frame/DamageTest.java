package dev.streamipc.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DamageTest {

    private static final RawFrame ASK = RawFrame.request(42, Replay.latin1("a request of 25 bytes ..."));
    private static final RawFrame PING = RawFrame.of(Kind.PING).id(7);
    private static final RawFrame PART_OF_NONE =
            RawFrame.of(Kind.NOTIFY).flags(1).payload(new byte[300]);

    @Test
    void junkInsideAPayloadDamagesThatFrameAlone() {
        byte[] whole = ASK.bytes();
        for (int at = 24; at < whole.length; at++) {
            byte[] noisy = insert(whole, at, Replay.latin1("print in a handler\n"));
            byte[] bytes = Replay.join(noisy, PING.bytes());
            String junk = RecordingSink.junkEvent(Arrays.copyOfRange(noisy, 24, noisy.length));

            List<String> expected = List.of(ASK.seenDamaged(), junk, PING.seen());
            assertEquals(expected, Replay.STDIO.decode(bytes), "inserted at " + at);
            assertEquals(expected, Replay.STDIO.decodeByteByByte(bytes), "inserted at " + at);
        }
    }

    @Test
    void frameBehindOneThatIsCutShortIsFound() {
        byte[] whole = PART_OF_NONE.bytes();
        byte[] next = Replay.join(ASK.bytes(), PING.bytes(), PART_OF_NONE.bytes());
        for (int keep = 24; keep < whole.length; keep++) {
            byte[] rest = Arrays.copyOfRange(whole, 24, keep);
            List<String> events = Replay.STDIO.decode(Arrays.copyOf(whole, keep), next);

            List<String> found = List.of(ASK.seen(), PING.seen(), PART_OF_NONE.seen());
            assertEquals(PART_OF_NONE.seenDamaged(), events.get(0), "kept " + keep);
            assertEquals(found, events.subList(events.size() - 3, events.size()), "kept " + keep);
            assertEquals(rest.length == 0 ? found.get(0) : RecordingSink.junkEvent(rest), events.get(1));
        }
    }

    @Test
    void damagedHeaderCostsItsFrame() {
        byte[] whole = ASK.bytes();
        for (int bit = 0; bit < 24 * 8; bit++) {
            byte[] bad = Replay.flipBit(whole, bit);
            byte[] bytes = Replay.join(bad, PING.bytes());
            List<String> expected = List.of(RecordingSink.junkEvent(bad), PING.seen());

            assertEquals(expected, Replay.STDIO.decode(bytes), "bit " + bit);
            assertEquals(expected, Replay.STDIO.decodeByteByByte(bytes), "bit " + bit);
        }
    }

    @Test
    void bytesMissingFromAHeaderCostItsFrame() {
        byte[] whole = ASK.bytes();
        for (int at = 0; at < 24; at++) {
            byte[] bad = Replay.join(Arrays.copyOf(whole, at), Arrays.copyOfRange(whole, at + 1, whole.length));
            List<String> expected = List.of(RecordingSink.junkEvent(bad), PING.seen());

            assertEquals(expected, Replay.STDIO.decode(bad, PING.bytes()), "without byte " + at);
        }
    }

    @Test
    void damagedPayloadOfAHelloIsReported() {
        RawFrame hello = RawFrame.of(Kind.HELLO).flags(1).payload(Replay.latin1("{}"));
        byte[] bad = Replay.flipBit(hello.bytes(), 24 * 8);
        String junk = RecordingSink.junkEvent(Arrays.copyOfRange(bad, 24, bad.length));

        List<String> expected = List.of(hello.seenDamaged(), junk, hello.seen());
        assertEquals(expected, Replay.BEFORE_HELLO.decode(bad, hello.bytes()));
    }

    @Test
    void damagedFrameTellsWhereItStands() {
        byte[] bad = Replay.flipBit(ASK.bytes(), 24 * 8);

        assertEquals(1_000, Replay.STDIO.sinkAfter(new byte[1_000], bad).lastOffsetBytes());
    }

    private static byte[] insert(byte[] bytes, int at, byte[] middle) {
        return Replay.join(Arrays.copyOf(bytes, at), middle, Arrays.copyOfRange(bytes, at, bytes.length));
    }
}
