package dev.streamipc.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkSinkTest {

    private static final int SALT = 0x1234_5678;
    private static final int LIMIT_BYTES = 1 << 20;
    private static final int PIECE_BYTES = 1_000;

    private final FrameEncoder encoder = new FrameEncoder(SALT);
    private final List<String> seen = new ArrayList<>();
    private final List<byte[]> payloads = new ArrayList<>();
    private final FrameDecoder decoder = decoder(true);

    private FrameDecoder decoder(boolean mayCarryJunk) {
        ChunkSink chunks = new ChunkSink(new Recorder(), LIMIT_BYTES);
        FrameDecoder made = new FrameDecoder(chunks, LIMIT_BYTES, mayCarryJunk);
        made.salt(SALT);
        chunks.agreed(SALT, EnumSet.of(Feature.CHUNKS));
        made.allow(EnumSet.of(Feature.CHUNKS));
        return made;
    }

    private final class Recorder implements FrameSink {

        @Override
        public void frame(Frame frame) {
            if (frame.kind() != Kind.CHUNK) {
                seen.add(frame.kind() + " " + frame.id() + " " + frame.payloadLength());
                byte[] payload = new byte[frame.payloadLength()];
                frame.kept().stretch(0, payload.length).get(payload);
                payloads.add(payload);
            }
        }

        @Override
        public void damaged(Frame head) {
            seen.add("damaged " + head.kind() + " " + head.id());
        }

        @Override
        public void junk(byte[] bytes, int offset, int length) {}

        @Override
        public void violation(String rule, long offsetBytes, String hexNear) {
            seen.add("violation " + rule.replaceFirst(":.*", ""));
        }
    }

    private byte[] frame(Kind kind, int flags, long id, byte[] payload) {
        byte[] frame = new byte[FrameHeader.LENGTH_BYTES + payload.length + FrameHeader.CRC_LENGTH_BYTES];
        System.arraycopy(payload, 0, frame, FrameHeader.LENGTH_BYTES, payload.length);
        return Arrays.copyOf(frame, encoder.seal(frame, payload.length, kind.with(flags), id));
    }

    private byte[] chunk(long number, int flags, byte[] piece) {
        return frame(Kind.CHUNK, flags | Flags.PAYLOAD_CRC, number, piece);
    }

    /** The chunks of a frame. */
    private List<byte[]> chunks(long number, byte[] frame) {
        List<byte[]> chunks = new ArrayList<>();
        for (int at = 0; at < frame.length; at += PIECE_BYTES) {
            int first = at == 0 ? Flags.FIRST_CHUNK : 0;
            int last = at + PIECE_BYTES >= frame.length ? Flags.LAST_CHUNK : 0;
            chunks.add(chunk(
                    number, first | last, Arrays.copyOfRange(frame, at, Math.min(frame.length, at + PIECE_BYTES))));
        }
        return chunks;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private void feed(FrameDecoder to, byte[] bytes) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            ByteBuffer room = to.room();
            int count = Math.min(room.remaining(), rest.remaining());
            room.put(rest.slice().limit(count));
            rest.position(rest.position() + count);
            to.received(count);
        }
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    @Test
    void messageInChunksIsTheMessage() {
        byte[] payload = random(123_456);

        feed(decoder, joined(chunks(1, frame(Kind.REQUEST, Flags.WANT_STARTED, 7, payload))));

        assertEquals(List.of("REQUEST 7 123456"), seen);
        assertArrayEquals(payload, payloads.get(0));
    }

    @Test
    void chunksOfSeveralMessagesAndOtherFramesMayStandInAnyOrder() {
        byte[][] payloads = {random(9_999), random(5_000), random(1)};
        List<byte[]> stream = new ArrayList<>();
        List<List<byte[]>> messages = new ArrayList<>();
        for (int i = 0; i < payloads.length; i++) {
            messages.add(new ArrayList<>(chunks(i, frame(Kind.NOTIFY, 0, 0, payloads[i]))));
        }
        while (messages.stream().anyMatch(message -> !message.isEmpty())) {
            messages.stream().filter(message -> !message.isEmpty()).forEach(message -> stream.add(message.remove(0)));
            stream.add(frame(Kind.PING, 0, 3, new byte[0]));
        }

        feed(decoder, joined(stream));

        assertEquals(
                List.of("NOTIFY 0 1", "NOTIFY 0 5000", "NOTIFY 0 9999"),
                seen.stream().filter(each -> each.startsWith("N")).toList());
    }

    @Test
    void damagedOrMissingPieceDamagesItsMessageAlone() {
        for (int broken = 0; broken < 6; broken++) {
            for (boolean missing : new boolean[] {false, true}) {
                seen.clear();
                List<byte[]> stream = new ArrayList<>(chunks(1, frame(Kind.REQUEST, 0, 7, random(5_500))));
                assertEquals(6, stream.size());
                if (missing) {
                    stream.remove(broken);
                } else {
                    stream.get(broken)[FrameHeader.LENGTH_BYTES + 3] ^= 1;
                }
                stream.addAll(chunks(2, frame(Kind.REPLY, 0, 9, random(2_000))));

                feed(decoder, joined(stream));

                assertTrue(seen.contains("REPLY 9 2000"), seen.toString());
                assertTrue(seen.stream().noneMatch(each -> each.startsWith("REQUEST")), seen.toString());
                assertTrue(seen.stream().noneMatch(each -> each.startsWith("violation")), seen.toString());
                // where the beginning is lost nobody knows whose it was; where the end is, that shows later
                boolean isKnown = broken > 0 && !(missing && broken == 5);
                assertEquals(isKnown, seen.contains("damaged REQUEST 7"), broken + " " + missing + " " + seen);
            }
        }
    }

    @Test
    void messageWhoseEndIsLostMakesRoomForOthers() {
        List<byte[]> stream = new ArrayList<>();
        for (int number = 1; number <= 10; number++) {
            List<byte[]> chunks = chunks(number, frame(Kind.REQUEST, 0, number, random(3_000)));
            stream.addAll(chunks.subList(0, chunks.size() - 1));
        }
        stream.addAll(chunks(11, frame(Kind.REPLY, 0, 99, random(3_000))));

        feed(decoder, joined(stream));

        assertTrue(seen.contains("REPLY 99 3000"), seen.toString());
        assertEquals(
                7,
                seen.stream().filter(each -> each.startsWith("damaged REQUEST")).count());
    }

    @Test
    void abandonedMessageLeavesNothingBehind() {
        List<byte[]> stream = new ArrayList<>(
                chunks(1, frame(Kind.REQUEST, 0, 7, random(5_000))).subList(0, 3));
        stream.add(frame(Kind.CHUNK, Flags.ABANDONED, 1, new byte[0]));
        stream.addAll(chunks(2, frame(Kind.REPLY, 0, 9, random(2_000))));

        feed(decoder, joined(stream));

        assertEquals(List.of("REPLY 9 2000"), seen);
    }

    @Test
    void whatIsNoMessageBreaksTheProtocol() {
        byte[] large = frame(Kind.REQUEST, 0, 7, random(5_000));
        byte[] otherSalt = large.clone();
        new FrameEncoder(SALT + 1).seal(otherSalt, 4_000, Kind.REQUEST.with(0), 7);
        byte[] tooMuch = large.clone();
        encoder.seal(tooMuch, 4_000, Kind.REQUEST.with(0), 7);
        byte[] overLimit = large.clone();
        encoder.seal(overLimit, LIMIT_BYTES + 1, Kind.REQUEST.with(0), 7);
        byte[] negative = large.clone();
        encoder.seal(negative, -5, Kind.REQUEST.with(0), 7);

        assertEquals("violation chunks of what is no message", onlyOf(otherSalt));
        assertEquals("violation chunks of what is no message", onlyOf(frame(Kind.PING, 0, 7, random(5_000))));
        assertEquals("violation chunks of what is no message", onlyOf(frame(Kind.CHUNK, 0, 7, random(5_000))));
        assertEquals("violation chunks of more than was claimed", onlyOf(tooMuch));
        assertEquals("violation payload over the limit", onlyOf(overLimit));
        assertEquals("violation payload over the limit", onlyOf(negative));
        assertEquals(
                "violation flag not allowed in chunks",
                onlyOf(frame(Kind.REQUEST, Flags.PAYLOAD_CRC, 7, random(5_000))));
    }

    private String onlyOf(byte[] frame) {
        seen.clear();
        feed(decoder(false), joined(chunks(1, frame)));
        return seen.get(0);
    }

    @Test
    void nothingComesBehindWhatBrokeTheProtocol() {
        List<byte[]> stream = new ArrayList<>(chunks(1, frame(Kind.PING, 0, 7, random(5_000))));
        stream.add(Arrays.copyOf(stream.get(0), 10));
        stream.add(frame(Kind.REPLY, 0, 9, random(20)));
        byte[] damaged = frame(Kind.REPLY, Flags.PAYLOAD_CRC, 9, random(20));
        damaged[FrameHeader.LENGTH_BYTES] ^= 1;
        stream.add(damaged);

        feed(decoder, joined(stream));
        decoder.end();

        assertEquals(List.of("violation chunks of what is no message"), seen);
    }

    @Test
    void chunkIsNoFrameUntilBothSidesHaveNamedIt() {
        FrameDecoder strict = new FrameDecoder(new Recorder(), LIMIT_BYTES, true);
        strict.salt(SALT);

        feed(strict, chunk(1, Flags.FIRST_CHUNK, random(10)));

        assertEquals(List.of("violation reserved frame kind"), seen);
    }

    @Test
    void chunkIsNeverLargerThanItsLimit() {
        feed(decoder, chunk(1, Flags.FIRST_CHUNK, random(FrameHeader.CHUNK_MAX_PAYLOAD_BYTES + 1)));

        assertEquals(List.of("violation payload over the limit"), seen);
    }
}
