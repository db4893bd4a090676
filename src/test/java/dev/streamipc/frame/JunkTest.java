package dev.streamipc.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JunkTest {

    private static final byte[] MAGIC = {(byte) 0xFA, (byte) 0xC1, (byte) 0xF5, (byte) 0xFD};
    private static final RawFrame ASK = RawFrame.request(42, Replay.latin1("a request"));
    private static final RawFrame PING = RawFrame.of(Kind.PING).id(7);

    static Stream<byte[]> junk() {
        byte[] run = new byte[60];
        Arrays.fill(run, MAGIC[0]);
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        return Stream.of(
                Replay.latin1("warming up\n"),
                Replay.latin1("\u00fcber \u00fa\u00c1\u00f5 gr\u00f6\u00dfe\r\n"),
                run,
                all,
                Arrays.copyOf(MAGIC, 1),
                Arrays.copyOf(MAGIC, 3),
                MAGIC,
                Replay.join(MAGIC, MAGIC, MAGIC, MAGIC, MAGIC, MAGIC, MAGIC, MAGIC),
                Arrays.copyOf(PING.bytes(), 23),
                new byte[3 * 8192]);
    }

    @ParameterizedTest
    @MethodSource("junk")
    void junkComesOutBeforeBetweenAndBehindFrames(byte[] junk) {
        byte[] bytes = Replay.join(junk, ASK.bytes(), junk, PING.bytes(), junk);
        String seen = RecordingSink.junkEvent(junk);
        List<String> expected = List.of(seen, ASK.seen(), seen, PING.seen(), seen);

        assertEquals(expected, Replay.STDIO.decode(bytes));
        assertEquals(expected, Replay.STDIO.decodeByteByByte(bytes));
        for (int at = 0; at <= Math.min(bytes.length, 1500); at++) {
            assertEquals(expected, Replay.STDIO.decodeCutAt(bytes, at), "cut at " + at);
        }
    }

    @Test
    void promptWithoutNewlineComesOutAtOnce() {
        List<String> expected = List.of(PING.seen(), RecordingSink.junkEvent("(pdb) "));

        assertEquals(expected, Replay.STDIO_GOES_ON.decode(PING.bytes(), Replay.latin1("(pdb) ")));
    }

    @Test
    void byteThatBeginsNoMagicComesOutAtOnce() {
        for (String tail : List.of("\u00fa!", "\u00fa\u00c1!", "\u00fa\u00c1\u00f5!", "\u00c1\u00f5\u00fd")) {
            List<String> expected = List.of(PING.seen(), RecordingSink.junkEvent(tail));

            assertEquals(expected, Replay.STDIO_GOES_ON.decode(PING.bytes(), Replay.latin1(tail)));
        }
    }

    @Test
    void onlyABeginningOfAFrameIsHeldBack() {
        byte[] frame = ASK.bytes();
        for (int held = 1; held < frame.length; held++) {
            List<String> events = Replay.STDIO_GOES_ON.decode(Replay.latin1("abc"), Arrays.copyOf(frame, held));

            assertEquals(List.of(RecordingSink.junkEvent("abc")), events, "held=" + held);
        }
        byte[] noMagic = {MAGIC[0], MAGIC[1], MAGIC[2], MAGIC[0], MAGIC[1]};

        List<String> events = Replay.STDIO_GOES_ON.decode(noMagic);

        assertEquals(List.of(RecordingSink.junkEvent(Arrays.copyOf(noMagic, 3))), events);
    }

    @Test
    void endTurnsWhatIsHeldIntoJunk() {
        byte[] frame = ASK.bytes();
        for (int held = 1; held < frame.length; held++) {
            byte[] cut = Arrays.copyOf(frame, held);

            List<String> expected = List.of(PING.seen(), RecordingSink.junkEvent(cut));
            assertEquals(expected, Replay.STDIO.decode(PING.bytes(), cut), "held=" + held);
        }
    }

    @Test
    void junkBehindWhichAFrameIsStillComingInIsNotHeldBack() {
        List<String> events =
                Replay.STDIO_GOES_ON.decode(Replay.join(Replay.latin1("boo"), Arrays.copyOf(ASK.bytes(), 30)));

        assertEquals(List.of(RecordingSink.junkEvent("boo")), events);
    }

    @Test
    void searchTakesTimeInProportionToTheJunk() {
        byte[] fa = new byte[1 << 20];
        Arrays.fill(fa, MAGIC[0]);
        byte[] magics = new byte[1 << 20];
        for (int i = 0; i < magics.length; i++) {
            magics[i] = MAGIC[i % 4];
        }

        for (byte[] junk : List.of(fa, magics)) {
            List<String> expected = List.of(RecordingSink.junkEvent(junk), PING.seen());
            byte[] bytes = Replay.join(junk, PING.bytes());
            assertTimeout(Duration.ofSeconds(2), () -> assertEquals(expected, Replay.STDIO.decode(bytes)));
            assertTimeout(Duration.ofSeconds(2), () -> assertEquals(expected, Replay.STDIO.decodeByteByByte(bytes)));
        }
    }

    @Test
    void randomStreamsHoldNoFrame() {
        Random random = new Random(3);
        for (int round = 0; round < 100_000; round++) {
            byte[] bytes = new byte[1 + random.nextInt(200)];
            random.nextBytes(bytes);
            plantMagics(bytes, random);
            Replay how = round % 4 == 0 ? Replay.BEFORE_HELLO : Replay.STDIO;

            assertEquals(List.of(RecordingSink.junkEvent(bytes)), how.decode(bytes), "round " + round);
        }
    }

    @Test
    void randomMixOfJunkAndFramesComesOutHoweverItIsCut() {
        Random random = new Random(4);
        for (int round = 0; round < 300; round++) {
            List<byte[]> parts = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                // FE ends what the junk may have begun, and no frame starts with it
                byte[] junk = new byte[1 + random.nextInt(60)];
                plantMagics(junk, random);
                junk[junk.length - 1] = (byte) 0xFE;
                RawFrame frame = RawFrame.request(random.nextLong(), new byte[random.nextInt(9_000)]);
                parts.addAll(List.of(junk, frame.bytes()));
                expected.addAll(List.of(RecordingSink.junkEvent(junk), frame.seen()));
            }
            assertEquals(expected, Replay.STDIO.decode(pieces(parts, random)), "round " + round);
        }
    }

    private static byte[][] pieces(List<byte[]> parts, Random random) {
        byte[] bytes = Replay.join(parts.toArray(byte[][]::new));
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int to = Math.min(bytes.length, at + 1 + random.nextInt(random.nextBoolean() ? 30 : 12_000));
            pieces.add(Arrays.copyOfRange(bytes, at, to));
            at = to;
        }
        return pieces.toArray(byte[][]::new);
    }

    private static void plantMagics(byte[] bytes, Random random) {
        for (int at = random.nextInt(40); at + 4 < bytes.length; at += 1 + random.nextInt(60)) {
            System.arraycopy(MAGIC, 0, bytes, at, 1 + random.nextInt(4));
        }
    }
}
