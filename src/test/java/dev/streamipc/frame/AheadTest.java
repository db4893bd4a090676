package dev.streamipc.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Memory for a whole message that is taken while its rest comes in. */
class AheadTest implements LandingPlaces {

    private static final int SALT = 7;
    private static final int CHUNK_BYTES = FrameHeader.CHUNK_MAX_PAYLOAD_BYTES;
    private static final int PAYLOAD_BYTES = 8 << 20;

    private final FrameEncoder encoder = new FrameEncoder(SALT);
    private final List<Runnable> takings = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private final AtomicReference<Frame> arrived = new AtomicReference<>();
    private final byte[] frame = message(PAYLOAD_BYTES);
    private final FrameDecoder decoder = decoder();

    @Override
    public @Nullable Landing of(long id, int bytes) {
        return null;
    }

    @Override
    public void ahead(Runnable taking) {
        takings.add(taking);
    }

    private FrameDecoder decoder() {
        ChunkSink chunks = new ChunkSink(new Recorder(), PAYLOAD_BYTES, this);
        FrameDecoder made = new FrameDecoder(chunks, PAYLOAD_BYTES, false);
        made.salt(SALT);
        chunks.agreed(SALT, EnumSet.of(Feature.CHUNKS));
        made.allow(EnumSet.of(Feature.CHUNKS));
        return made;
    }

    private final class Recorder implements FrameSink {

        @Override
        public void frame(Frame whole) {
            if (whole.kind() != Kind.CHUNK) {
                arrived.set(whole.kept());
            }
        }

        @Override
        public void damaged(Frame head) {}

        @Override
        public void junk(byte[] bytes, int offset, int length) {}

        @Override
        public void violation(String rule, long offsetBytes, String hexNear) {
            seen.add(rule.replaceFirst(":.*", ""));
        }
    }

    private byte[] message(int payloadBytes) {
        byte[] made = new byte[FrameHeader.LENGTH_BYTES + payloadBytes];
        new Random(1).nextBytes(made);
        encoder.seal(made, payloadBytes, Kind.REPLY.with(0), 5);
        return made;
    }

    /** Gives so much of the frame, from an index on; what is beyond its end is made up. */
    private void give(int from, int to, boolean last) {
        for (int at = from; at < to; at += CHUNK_BYTES) {
            int end = Math.min(to, at + CHUNK_BYTES);
            byte[] chunk = new byte[FrameHeader.LENGTH_BYTES + end - at];
            System.arraycopy(
                    frame,
                    Math.min(at, frame.length),
                    chunk,
                    FrameHeader.LENGTH_BYTES,
                    Math.max(0, Math.min(end, frame.length) - at));
            int flags = (at == 0 ? Flags.FIRST_CHUNK : 0) | (last && end == to ? Flags.LAST_CHUNK : 0);
            encoder.seal(chunk, end - at, Kind.CHUNK.with(flags), 1);
            Replay.feed(decoder, chunk);
        }
    }

    private void assertArrivedWhole() {
        byte[] payload = new byte[PAYLOAD_BYTES];
        arrived.get().stretch(0, PAYLOAD_BYTES).get(payload);
        assertArrayEquals(Arrays.copyOfRange(frame, FrameHeader.LENGTH_BYTES, frame.length), payload);
        byte[] middle = new byte[1 << 20];
        arrived.get().stretch(3 << 20, middle.length).get(middle);
        assertArrayEquals(Arrays.copyOfRange(payload, 3 << 20, 4 << 20), middle);
        assertEquals(List.of(), seen);
    }

    @Test
    void claimAloneTakesNothingAndAQuarterTakesAllOnce() {
        give(0, frame.length / 4 / CHUNK_BYTES * CHUNK_BYTES, false);
        assertEquals(0, takings.size());

        give(frame.length / 4 / CHUNK_BYTES * CHUNK_BYTES, frame.length, true);

        assertEquals(1, takings.size());
    }

    @Test
    void messageIsTheSameWheneverTheMemoryIsThere() {
        int quarter = CHUNK_BYTES * 40;
        for (int there : new int[] {quarter, CHUNK_BYTES * 41, CHUNK_BYTES * 90, CHUNK_BYTES * 128, frame.length}) {
            takings.clear();
            give(0, quarter, false);
            give(quarter, there, there == frame.length);
            takings.get(0).run();
            if (there < frame.length) {
                give(there, frame.length, true);
            }

            assertArrivedWhole();
        }
    }

    @Test
    void whatComesInGoesWhereTheMemoryIs() {
        give(0, CHUNK_BYTES * 40, false);
        takings.get(0).run();
        give(CHUNK_BYTES * 40, frame.length, true);

        byte[] first = arrived.get().stretch(0, PAYLOAD_BYTES).array();

        assertTrue(first == arrived.get().stretch(1 << 20, 1 << 20).array(), "not copied");
    }

    @Test
    void memoryThatIsNeverThereIsNotMissed() {
        give(0, frame.length, true);

        assertArrivedWhole();
    }

    @Test
    void moreThanWasClaimedIsAViolationThere() {
        give(0, CHUNK_BYTES * 40, false);
        takings.get(0).run();
        give(CHUNK_BYTES * 40, frame.length + CHUNK_BYTES, false);

        assertEquals(List.of("chunks of more than was claimed"), seen);
    }

    @Test
    void messageThatIsTakenBackLeavesTheNextAlone() {
        give(0, CHUNK_BYTES * 40, false);
        takings.get(0).run();
        byte[] abandoned = new byte[FrameHeader.LENGTH_BYTES];
        encoder.seal(abandoned, 0, Kind.CHUNK.with(Flags.ABANDONED), 1);
        Replay.feed(decoder, abandoned);

        give(0, frame.length, true);

        assertArrivedWhole();
        assertEquals(2, takings.size());
    }
}
