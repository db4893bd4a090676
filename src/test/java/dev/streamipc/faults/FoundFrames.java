package dev.streamipc.faults;

import dev.streamipc.frame.Frame;
import dev.streamipc.frame.FrameDecoder;
import dev.streamipc.frame.FrameSink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What a decoder found in a stream of bytes. */
final class FoundFrames implements FrameSink {

    final List<WireSide.Seen> frames = new ArrayList<>();
    final List<Long> offsetsBytes = new ArrayList<>();
    int damaged;
    int violations;
    long junkBytes;

    /** Gives bytes to a decoder whose sink this is. */
    void feed(FrameDecoder decoder, byte[] bytes) {
        for (int at = 0; at < bytes.length; ) {
            ByteBuffer room = decoder.room();
            int count = Math.min(room.remaining(), bytes.length - at);
            room.put(bytes, at, count);
            decoder.received(count);
            at += count;
        }
    }

    /** Returns all frames of a whole stream that begins with HELLO. */
    static FoundFrames of(byte[] stream) {
        FoundFrames found = new FoundFrames();
        FrameDecoder decoder = new FrameDecoder(found, 1 << 24, true);
        byte[] hello = Arrays.copyOf(stream, helloBytes(stream));
        found.feed(decoder, hello);
        decoder.salt(found.salt());
        found.feed(decoder, Arrays.copyOfRange(stream, hello.length, stream.length));
        decoder.end();
        return found;
    }

    private static int helloBytes(byte[] stream) {
        return 24 + ByteBuffer.wrap(stream).getInt(16) + 4;
    }

    int salt() {
        return HexFormat.fromHexDigits(frames.get(0).text("salt"));
    }

    @Override
    public void frame(Frame frame) {
        byte[] payload = Arrays.copyOfRange(
                frame.payload(), frame.payloadOffset(), frame.payloadOffset() + frame.payloadLength());
        frames.add(new WireSide.Seen(frame.kind(), frame.flags(), frame.id(), payload));
        offsetsBytes.add(frame.offsetBytes());
    }

    @Override
    public void damaged(Frame head) {
        damaged++;
    }

    @Override
    public void junk(byte[] bytes, int offset, int length) {
        junkBytes += length;
    }

    @Override
    public void violation(String rule, long offsetBytes, String hexNear) {
        violations++;
    }

    @Override
    public String toString() {
        return "frames=" + frames.size() + ", damaged=" + damaged + ", junkBytes=" + junkBytes + ", violations="
                + violations;
    }
}
