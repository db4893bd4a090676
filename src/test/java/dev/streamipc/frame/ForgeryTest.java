package dev.streamipc.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ForgeryTest {

    private static final RawFrame FORGED = RawFrame.of(Kind.NOTIFY).flags(1).payload(Replay.latin1("forged"));
    private static final RawFrame GOOD = RawFrame.request(2, Replay.latin1("good"));

    @Test
    void noFlippedBitYieldsAnAlteredFrame() {
        List<RawFrame> frames = List.of(
                RawFrame.request(42, Replay.latin1("a request")),
                RawFrame.request(1L << 63, new byte[100]).flags(7),
                RawFrame.of(Kind.PING).id(3),
                RawFrame.of(Kind.GOODBYE).flags(1).payload(Replay.latin1("{\"reason\":\"CLOSED\"}")));
        for (RawFrame frame : frames) {
            byte[] whole = frame.bytes();
            for (int bit = 0; bit < whole.length * 8; bit++) {
                List<String> events = Replay.STDIO.decode(Replay.flipBit(whole, bit), GOOD.bytes());

                assertEquals(List.of(GOOD.seen()), framesIn(events), frame + ", bit " + bit);
            }
        }
    }

    @Test
    void frameInsideADamagedPayloadNeedsTheSalt() {
        byte[] inside = Replay.join(
                FORGED.salt(0).bytes(),
                FORGED.salt(RawFrame.SALT + 1).bytes(),
                FORGED.salt(Integer.reverseBytes(RawFrame.SALT)).bytes(),
                RawFrame.of(Kind.HELLO).flags(1).payload(Replay.latin1("{}")).bytes(),
                FORGED.salt(0).bytes());
        byte[] outer = RawFrame.request(1, inside).bytes();
        for (int bit = 24 * 8; bit < outer.length * 8; bit++) {
            List<String> events = Replay.STDIO.decode(Replay.flipBit(outer, bit), GOOD.bytes());

            assertEquals(List.of(GOOD.seen()), framesIn(events), "bit " + bit);
        }
    }

    @Test
    void helloAtTheVeryFrontOfADamagedPayloadIsJunk() {
        byte[] hello =
                RawFrame.of(Kind.HELLO).flags(1).payload(Replay.latin1("{}")).bytes();
        byte[] outer = RawFrame.request(1, Replay.join(hello, hello)).bytes();
        for (int bit = (24 + hello.length) * 8; bit < outer.length * 8; bit++) {
            List<String> events = Replay.STDIO.decode(Replay.flipBit(outer, bit), GOOD.bytes());

            assertEquals(List.of(GOOD.seen()), framesIn(events), "bit " + bit);
        }
    }

    @Test
    void frameInsideAWholePayloadIsJustBytes() {
        RawFrame outer =
                RawFrame.request(1, Replay.join(FORGED.bytes(), FORGED.salt(0).bytes()));

        assertEquals(List.of(outer.seen(), GOOD.seen()), Replay.STDIO.decode(outer.bytes(), GOOD.bytes()));
    }

    @Test
    void frameWithoutSaltIsJunkInPlaceToo() {
        byte[] forged = FORGED.salt(0).bytes();
        List<String> expected = List.of(GOOD.seen(), RecordingSink.junkEvent(forged), GOOD.seen());

        assertEquals(expected, Replay.STDIO.decode(GOOD.bytes(), forged, GOOD.bytes()));
    }

    @Test
    void eachSaltHasItsOwnFrames() {
        Random random = new Random(5);
        for (int round = 0; round < 10_000; round++) {
            byte[] other = FORGED.salt(random.nextInt()).bytes();

            assertFalse(framesIn(Replay.STDIO.decode(other)).contains(FORGED.seen()), "round " + round);
        }
    }

    private static List<String> framesIn(List<String> events) {
        return events.stream().filter(event -> event.startsWith("frame")).toList();
    }
}
