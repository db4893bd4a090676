package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.frame.FrameEncoder;
import dev.streamipc.frame.FrameHeader;
import dev.streamipc.frame.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits beside the stream, step by step. */
class AsideTest {

    private static final byte[] PING = new byte[FrameHeader.LENGTH_BYTES];

    private final FrameEncoder encoder = new FrameEncoder(1);
    private final Outbox outbox = new Outbox(encoder, Limits.DEFAULT, WriterChoice.SURE_BYTES, false);

    private LargeFrame large(Kind kind, long id, int payloadBytes) {
        byte[] frame = new byte[FrameHeader.LENGTH_BYTES + payloadBytes];
        encoder.seal(frame, payloadBytes, kind.with(0), id);
        return new LargeFrame(new ArrayList<>(List.of(ByteBuffer.wrap(frame))));
    }

    private Next ping() {
        encoder.seal(PING, 0, Kind.PING.with(0), 1);
        return outbox.append(PING, PING.length, null, Send.CONTROL);
    }

    @Test
    void controlFramesThatWaitBehindALargeOneAreBounded() {
        outbox.open(true);
        outbox.appendLarge(large(Kind.REQUEST, 7, 1 << 20), null, Send.NOTE);
        long bytes = 0;
        while (ping() != Next.FULL) {
            bytes += PING.length;
            assertTrue(bytes <= Room.MAX_CONTROL_BYTES + PING.length, "bytes=" + bytes);
        }

        writeAll();

        assertTrue(ping() != Next.FULL, "there is room again");
        writeAll();
        assertEquals(0, outbox.progress().queuedBytes());
    }

    @Test
    void smallFramesPassWaitingPartsWhichKeepTheirOrder() {
        outbox.open(true);
        Passage[] parts = new Passage[4];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = new PlainPassage(7, true);
            append(Kind.PART, 7, i == 2 ? 100 : 60_000, parts[i], i == 2 ? Send.SMALL_PART : Send.PART);
        }
        Passage small = new PlainPassage(9, true);
        append(Kind.REQUEST, 9, 100, small, Send.NOTE);

        writeAll();

        for (int i = 1; i < parts.length; i++) {
            assertTrue(parts[i - 1].startBytes() < parts[i].startBytes(), "part " + i);
        }
        assertTrue(small.startBytes() < parts[1].startBytes(), small.startBytes() + " " + parts[1].startBytes());
        assertEquals(0, outbox.progress().queuedBytes());
    }

    @Test
    void piecesLeaveTogetherOnASocketAndAloneOnAPipe() {
        Outbox pipe = new Outbox(encoder, Limits.DEFAULT, WriterChoice.SURE_BYTES, true);
        for (Outbox out : List.of(outbox, pipe)) {
            out.open(true);
            out.appendLarge(large(Kind.REQUEST, 7, 1 << 20), null, Send.NOTE);
            assertTrue(out.claimFlusher() && out.swap());

            int wantedPieces = out == pipe ? 1 : 3;
            int together = out.flushing().limit();
            assertEquals(wantedPieces, together / FrameHeader.CHUNK_MAX_PAYLOAD_BYTES);
            assertTrue(together <= TwinBuffer.SLICE_BYTES, "one write");
        }
    }

    @Test
    void smallFramePassesAllButWhatIsBeingWritten() {
        outbox.open(true);
        Passage large = new PlainPassage(7, true);
        outbox.appendLarge(large(Kind.REQUEST, 7, 1 << 20), large, Send.NOTE);
        assertTrue(outbox.claimFlusher() && outbox.swap());
        int writtenBytes = outbox.flushing().limit();
        Passage small = new PlainPassage(9, true);
        append(Kind.REQUEST, 9, 100, small, Send.NOTE);

        do {
            outbox.flushing().position(outbox.flushing().limit());
        } while (outbox.nextSlice() || outbox.swap());

        assertEquals(writtenBytes, small.startBytes());
        assertTrue(small.startBytes() < large.startBytes());
    }

    private void append(Kind kind, long id, int payloadBytes, Passage passage, Send how) {
        byte[] frame = new byte[FrameHeader.LENGTH_BYTES + payloadBytes];
        encoder.seal(frame, payloadBytes, kind.with(0), id);
        assertTrue(outbox.append(frame, frame.length, passage, how) != Next.FULL);
    }

    private void writeAll() {
        assertTrue(outbox.claimFlusher());
        while (outbox.swap()) {
            do {
                outbox.flushing().position(outbox.flushing().limit());
            } while (outbox.nextSlice());
        }
    }

    @Test
    void largeFramesOfOneCallKeepTheirOrder() {
        outbox.open(true);
        Passage first = new PlainPassage(7, true);
        Passage second = new PlainPassage(7, true);
        Passage other = new PlainPassage(8, true);
        outbox.appendLarge(large(Kind.PROGRESS, 7, 1 << 20), first, Send.ANSWER);
        outbox.appendLarge(large(Kind.PROGRESS, 7, 100_000), second, Send.ANSWER);
        outbox.appendLarge(large(Kind.PROGRESS, 8, 100_000), other, Send.ANSWER);

        writeAll();

        assertTrue(first.startBytes() < second.startBytes(), first.startBytes() + " " + second.startBytes());
        assertTrue(other.startBytes() < first.startBytes(), "another call's need not wait");
    }
}
