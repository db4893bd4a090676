package dev.streamipc.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTest {

    private static final RawFrame HELLO =
            RawFrame.of(Kind.HELLO).flags(Flags.PAYLOAD_CRC).payload(Replay.latin1("{\"protocol\":\"stream-ipc\"}"));
    private static final RawFrame ASK = RawFrame.request(42, Replay.latin1("a request"));
    private static final RawFrame NOTE = RawFrame.of(Kind.NOTIFY).flags(1).payload(new byte[] {0, 0, (byte) 0xFA});
    private static final RawFrame PING = RawFrame.of(Kind.PING).id(1L << 63);

    @Test
    void framesComeOutWholeWhereverTheStreamIsCut() {
        byte[] bytes = Replay.join(ASK.bytes(), NOTE.bytes(), PING.bytes(), NOTE.bytes());
        List<String> expected = List.of(ASK.seen(), NOTE.seen(), PING.seen(), NOTE.seen());

        for (int at = 0; at <= bytes.length; at++) {
            assertEquals(expected, Replay.SOCKET.decodeCutAt(bytes, at), "cut at " + at);
        }
        assertEquals(expected, Replay.SOCKET.decodeByteByByte(bytes));
    }

    @Test
    void decoderThatWasStoppedTakesAnyNumberOfBytesMore() {
        byte[] damaged = RawFrame.of(Kind.NOTIFY)
                .flags(Flags.PAYLOAD_CRC)
                .payload(new byte[20_000])
                .bytes();
        damaged[damaged.length - 1]++;
        RecordingSink sink = new RecordingSink();
        FrameDecoder decoder = Replay.STDIO.decoder(sink);
        sink.onDamaged(decoder::stop);

        Replay.feed(decoder, Replay.join(damaged, PING.bytes(), damaged, damaged));

        assertEquals(List.of(RecordingSink.damagedEvent("NOTIFY", 1, 0)), sink.events());
    }

    @Test
    void payloadsOfAllSizesComeOutWhole() {
        byte[] block = new byte[4 * 1024 * 1024 + 1];
        new Random(2).nextBytes(block);
        RecordingSink sink = new RecordingSink();
        FrameDecoder decoder = Replay.SOCKET.decoder(sink);
        List<String> expected = new ArrayList<>();
        for (int power = 0; power <= 22; power++) {
            for (int size = (1 << power) - 1; size <= (1 << power) + 1; size++) {
                RawFrame frame = RawFrame.request(size, Arrays.copyOf(block, size));
                expected.add(frame.seen());
                Replay.feed(decoder, frame.bytes());
            }
        }

        assertEquals(expected, sink.events());
    }

    @Test
    void manyFramesComeOutOfOneFeed() {
        byte[] bytes = Replay.join(Collections.nCopies(5_000, ASK.bytes()).toArray(byte[][]::new));

        assertEquals(Collections.nCopies(5_000, ASK.seen()), Replay.SOCKET.decode(bytes));
    }

    @Test
    void saltHoldsFromTheNextFrameOfTheSameBytes() {
        RecordingSink sink = new RecordingSink();
        FrameDecoder decoder = Replay.BEFORE_HELLO.decoder(sink);
        sink.onFrame(() -> decoder.salt(RawFrame.SALT));

        Replay.feed(decoder, Replay.join(HELLO.bytes(), PING.bytes(), ASK.bytes()));

        assertEquals(List.of(HELLO.seen(), PING.seen(), ASK.seen()), sink.events());
    }

    @Test
    void onlyHelloIsAFrameBeforeHello() {
        byte[] salted = ASK.bytes();
        byte[] unsalted = ASK.salt(0).bytes();
        byte[] stream = Replay.join(salted, unsalted, HELLO.bytes());

        List<String> expected = List.of(RecordingSink.junkEvent(Replay.join(salted, unsalted)), HELLO.seen());
        assertEquals(expected, Replay.BEFORE_HELLO.decode(stream));
        assertEquals(expected, Replay.BEFORE_HELLO.decodeByteByByte(stream));
    }

    @Test
    void secondHelloIsAFrameOnlyInPlace() {
        byte[] stray = Replay.join(Replay.latin1("x"), HELLO.bytes());
        byte[] bytes = Replay.join(PING.bytes(), HELLO.bytes(), stray, PING.bytes(), HELLO.bytes());
        List<String> expected =
                List.of(PING.seen(), HELLO.seen(), RecordingSink.junkEvent(stray), PING.seen(), HELLO.seen());

        for (int at = 0; at <= bytes.length; at++) {
            assertEquals(expected, Replay.STDIO.decodeCutAt(bytes, at), "cut at " + at);
        }
    }

    @Test
    void frameTellsWhereItStands() {
        RecordingSink sink = Replay.STDIO.sinkAfter(new byte[100_000], ASK.bytes(), new byte[3], PING.bytes());

        assertEquals(100_003 + ASK.bytes().length, sink.lastOffsetBytes());
    }

    @Test
    void nothingComesOutOfAStoppedDecoder() {
        RecordingSink sink = new RecordingSink();
        FrameDecoder decoder = Replay.STDIO.decoder(sink);
        sink.onFrame(decoder::stop);

        Replay.feed(decoder, Replay.join(PING.bytes(), new byte[5], PING.bytes(), new byte[50_000], PING.bytes()));
        decoder.end();

        assertEquals(List.of(PING.seen()), sink.events());
    }

    @Test
    void nothingComesOutBehindTheEnd() {
        RecordingSink sink = new RecordingSink();
        FrameDecoder decoder = Replay.STDIO.decoder(sink);
        decoder.end();

        Replay.feed(decoder, Replay.join(PING.bytes(), new byte[5]));
        decoder.end();

        assertEquals(List.of(), sink.events());
    }

    @Test
    void frameIsNotSeenAgainWhenTheSinkThrows() {
        RecordingSink sink = new RecordingSink();
        FrameDecoder decoder = Replay.STDIO.decoder(sink);
        sink.onFrame(() -> {
            throw new IllegalStateException("a fault of the sink");
        });
        byte[] both = Replay.join(ASK.bytes(), PING.bytes());

        assertThrows(IllegalStateException.class, () -> Replay.feed(decoder, both));
        sink.onFrame(() -> {});
        decoder.received(0);

        assertEquals(List.of(ASK.seen(), PING.seen()), sink.events());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MAX_VALUE})
    void limitOutOfRangeIsRefused(int maxPayloadBytes) {
        assertThrows(
                IllegalArgumentException.class, () -> new FrameDecoder(new RecordingSink(), maxPayloadBytes, true));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, FrameDecoder.MAX_PAYLOAD_BYTES})
    void limitAtTheEdgeIsTaken(int maxPayloadBytes) {
        RecordingSink sink = new RecordingSink();
        Replay.feed(new FrameDecoder(sink, maxPayloadBytes, true), HELLO.bytes());

        assertEquals(List.of(HELLO.seen()), sink.events());
    }

    @Test
    void moreBytesThanRoomAreRefused() {
        FrameDecoder decoder = Replay.STDIO.decoder(new RecordingSink());
        int roomBytes = decoder.room().remaining();

        assertThrows(IllegalArgumentException.class, () -> decoder.received(-1));
        assertThrows(IllegalArgumentException.class, () -> decoder.received(roomBytes + InboundBuffer.SMALL_BYTES));
    }

    @Test
    void roomIsWhatIsNotHeldYet() {
        FrameDecoder decoder = Replay.STDIO.decoder(new RecordingSink());
        Replay.feed(decoder, Arrays.copyOf(ASK.bytes(), 10));
        int leftBytes = InboundBuffer.SMALL_BYTES - 10;

        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> decoder.received(leftBytes + 1));
        assertEquals(
                "more bytes than room: bytes=" + (leftBytes + 1) + ", roomBytes=" + leftBytes, refused.getMessage());
    }
}
