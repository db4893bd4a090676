package dev.streamipc.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class InboundBufferTest {

    private static final int LIMIT = 16 * 1024 * 1024;
    private static final byte[] PING = RawFrame.of(Kind.PING).id(7).bytes();

    private final RecordingSink sink = new RecordingSink();
    private final FrameDecoder decoder = Replay.STDIO.decoder(sink);

    @Test
    void emptyDecoderHasRoomForExactlyOneSlice() {
        for (int i = 0; i < 3; i++) {
            assertEquals(8192, decoder.room().remaining());
            Replay.feed(decoder, PING);
        }
    }

    @Test
    void decoderThatHoldsPartOfASmallFrameHasRoomForExactlyOneSlice() {
        byte[] frame = RawFrame.request(1, new byte[5_000]).bytes();
        for (int held = 1; held < frame.length; held += 100) {
            Replay.feed(decoder, Arrays.copyOf(frame, held));
            assertEquals(8192, decoder.room().remaining(), "held=" + held);
            Replay.feed(decoder, Arrays.copyOfRange(frame, held, frame.length));
        }
    }

    @Test
    void declaredLengthCostsNothing() {
        Replay.feed(decoder, RawFrame.of(Kind.VOID).flags(1).header(LIMIT));
        Replay.feed(decoder, new byte[100]);
        decoder.room();

        assertEquals(InboundBuffer.SMALL_BYTES, decoder.bufferBytes());
    }

    @Test
    void bufferGrowsWithTheBytesThatCameInUpToTheFrame() {
        byte[] frame = RawFrame.request(1, new byte[LIMIT]).bytes();
        for (int at = 0; at < frame.length; at += 10_000) {
            Replay.feed(decoder, Arrays.copyOfRange(frame, at, Math.min(frame.length, at + 10_000)));

            int receivedBytes = at + 10_000;
            assertTrue(decoder.bufferBytes() <= 2 * receivedBytes + InboundBuffer.SMALL_BYTES, "at=" + at);
            assertTrue(decoder.bufferBytes() <= frame.length + InboundBuffer.SLICE_BYTES, "at=" + at);
        }
        assertEquals(1, sink.events().size());
    }

    @Test
    void veryLargeBufferIsLetGoAtOnce() {
        Replay.feed(decoder, RawFrame.request(1, new byte[LIMIT]).bytes());
        decoder.room();

        assertEquals(InboundBuffer.SMALL_BYTES, decoder.bufferBytes());
    }

    @Test
    void largeBufferIsKeptForAStreamOfLargeFramesAndLetGoInACalm() {
        byte[] large = RawFrame.request(1, new byte[1 << 20]).bytes();
        Replay.feed(decoder, large);
        int grownBytes = decoder.bufferBytes();
        Replay.feed(decoder, large);
        assertTrue(grownBytes > large.length);
        assertEquals(grownBytes, decoder.bufferBytes());

        for (int i = 0; i < InboundBuffer.CALM_READS; i++) {
            Replay.feed(decoder, PING);
        }
        assertEquals(InboundBuffer.SMALL_BYTES, decoder.bufferBytes());
    }

    @Test
    void shrinkingLosesNoByte() {
        Replay.feed(decoder, RawFrame.request(1, new byte[1 << 20]).bytes());
        byte[] next = RawFrame.request(2, new byte[100]).bytes();
        for (byte b : next) {
            Replay.feed(decoder, new byte[] {b});
        }

        assertEquals(InboundBuffer.SMALL_BYTES, decoder.bufferBytes());
        assertEquals(RawFrame.request(2, new byte[100]).seen(), sink.events().get(1));
    }

    @Test
    void junkAndDeadStreamsDoNotGrowTheBuffer() {
        Replay.feed(decoder, new byte[1 << 20]);
        Replay.feed(decoder, RawFrame.of(Kind.PING).kind(99).bytes());
        Replay.feed(decoder, new byte[1 << 20]);

        assertEquals(InboundBuffer.SMALL_BYTES, decoder.bufferBytes());
    }
}
