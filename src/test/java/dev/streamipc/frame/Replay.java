package dev.streamipc.frame;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * How bytes are given to a decoder.
 *
 * @param salt what the other side's HELLO has told
 * @param afterHello whether it has come already
 * @param mayCarryJunk whether the channel is like stdio
 * @param ends whether the stream ends behind the bytes
 * @param maxPayloadBytes the limit
 * @param features what both HELLOs have named; with {@code CHUNKS} large messages are put together, and chunks not noted
 */
record Replay(
        int salt, boolean afterHello, boolean mayCarryJunk, boolean ends, int maxPayloadBytes, Set<Feature> features) {

    static final Replay STDIO = new Replay(RawFrame.SALT, true, true, true, 1 << 24);
    static final Replay STDIO_GOES_ON = new Replay(RawFrame.SALT, true, true, false, 1 << 24);
    static final Replay BEFORE_HELLO = new Replay(0, false, true, true, 1 << 24);
    static final Replay SOCKET = new Replay(RawFrame.SALT, true, false, true, 1 << 24);

    Replay(int salt, boolean afterHello, boolean mayCarryJunk, boolean ends, int maxPayloadBytes) {
        this(salt, afterHello, mayCarryJunk, ends, maxPayloadBytes, Set.of());
    }

    /** Decodes with a fresh decoder, each piece in one go as far as there is room. */
    List<String> decode(byte[]... pieces) {
        return sinkAfter(pieces).events();
    }

    RecordingSink sinkAfter(byte[]... pieces) {
        RecordingSink sink = new RecordingSink();
        FrameDecoder decoder = decoder(sink);
        for (byte[] piece : pieces) {
            feed(decoder, piece);
        }
        if (ends) {
            decoder.end();
        }
        return sink;
    }

    List<String> decodeByteByByte(byte[] bytes) {
        byte[][] pieces = new byte[bytes.length][];
        for (int i = 0; i < bytes.length; i++) {
            pieces[i] = new byte[] {bytes[i]};
        }
        return decode(pieces);
    }

    List<String> decodeCutAt(byte[] bytes, int at) {
        return decode(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at, bytes.length));
    }

    FrameDecoder decoder(FrameSink sink) {
        ChunkSink together = new ChunkSink(new WithoutChunks(sink), maxPayloadBytes);
        together.agreed(salt, features);
        FrameSink first = features.contains(Feature.CHUNKS) ? together : sink;
        FrameDecoder decoder = new FrameDecoder(first, maxPayloadBytes, mayCarryJunk);
        decoder.allow(features);
        if (afterHello) {
            decoder.salt(salt);
        }
        return decoder;
    }

    static void feed(FrameDecoder decoder, byte[] bytes) {
        for (int at = 0; at < bytes.length; ) {
            ByteBuffer room = decoder.room();
            int count = Math.min(room.remaining(), bytes.length - at);
            room.put(bytes, at, count);
            decoder.received(count);
            at += count;
        }
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] flipBit(byte[] bytes, int bit) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        return flipped;
    }

    /** What a session sees: large messages in the place of their last chunk. */
    private record WithoutChunks(FrameSink sink) implements FrameSink {

        @Override
        public void frame(Frame frame) {
            if (frame.kind() != Kind.CHUNK) {
                sink.frame(frame);
            }
        }

        @Override
        public void damaged(Frame head) {
            if (head.kind() != Kind.CHUNK) {
                sink.damaged(head);
            }
        }

        @Override
        public void junk(byte[] bytes, int offset, int length) {
            sink.junk(bytes, offset, length);
        }

        @Override
        public void violation(String rule, long offsetBytes, String hexNear) {
            sink.violation(rule, offsetBytes, hexNear);
        }
    }
}
