package dev.streamipc.session;

import dev.streamipc.frame.ChunkSink;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.FrameEncoder;
import dev.streamipc.frame.FrameHeader;
import dev.streamipc.frame.Kind;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Large frames, which leave in chunks between the small ones, and what must not overtake them. Guarded by the lock of the
 * {@link Outbox}.
 *
 * <p>Several large frames take turns, so that none waits for a much larger one; as many as the other side puts together at a
 * time. A frame of the second sort leaves when all that stood here before it has left.
 */
final class Aside {

    private static final int LARGEST_CHUNK_BYTES =
            FrameHeader.CHUNK_MAX_PAYLOAD_BYTES + FrameHeader.LENGTH_BYTES + FrameHeader.CRC_LENGTH_BYTES;

    /** What waits here. */
    private static final class Entry {
        final byte[] frame;
        final int length;
        final @Nullable Passage passage;
        final boolean isLarge;
        long number;
        long lastTurn;
        int sent;

        Entry(byte[] frame, int length, @Nullable Passage passage, boolean isLarge) {
            this.frame = frame;
            this.length = length;
            this.passage = passage;
            this.isLarge = isLarge;
        }

        int left() {
            return length - sent;
        }
    }

    /** Where the pieces go: the end of what is about to be written. */
    interface Out {

        /** Returns the place of the frame in the stream. */
        long append(byte[] frame, int length);
    }

    private static final byte[] NOTHING = {};

    private final FrameEncoder encoder;
    private final int crcFlag;
    /** Made when it is needed, and given back: most sessions never send anything large. */
    private byte[] chunk = NOTHING;

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long bytes;
    private long numbers;
    private long turns;

    Aside(FrameEncoder encoder, boolean payloadCrc) {
        this.encoder = encoder;
        this.crcFlag = payloadCrc ? Flags.PAYLOAD_CRC : 0;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Returns how many bytes wait here. */
    long bytes() {
        return bytes;
    }

    /**
     * Puts a large frame here.
     *
     * @param frame belongs to this side list from now on
     */
    void addLarge(byte[] frame, int length, @Nullable Passage passage) {
        add(new Entry(frame, length, passage, true));
    }

    /** Puts a copy of a frame here that must not overtake what is here. */
    void addBehind(byte[] frame, int length, @Nullable Passage passage) {
        add(new Entry(Arrays.copyOf(frame, length), length, passage, false));
    }

    private void add(Entry entry) {
        entries.add(entry);
        bytes += entry.length;
    }

    /**
     * Returns whether a frame must not overtake what is here: a barrier, the goodbye, and what answers a call of which an
     * earlier word waits here.
     */
    boolean isToWait(byte[] frame, Send how) {
        return switch (how.source()) {
            case LAST -> true;
            case CONTROL -> FrameHeader.kindNumber(frame, 0) == Kind.PING.number() || isDemandBehind(frame);
            case ANSWER, PROGRESS, PART -> holds(FrameHeader.id(frame, 0));
            default -> false;
        };
    }

    /** A demand that came before its request would mean nothing. */
    private boolean isDemandBehind(byte[] frame) {
        return FrameHeader.kindNumber(frame, 0) == Kind.DEMAND.number() && holds(FrameHeader.id(frame, 0));
    }

    private boolean holds(long id) {
        for (Entry entry : entries) {
            if (FrameHeader.id(entry.frame, 0) == id) {
                return true;
            }
        }
        return false;
    }

    /** Appends what is next: a piece of a large frame whose turn it is, or all that need not wait any longer. */
    void appendNext(Out out) {
        Entry next = entries.peek();
        while (next != null && !next.isLarge) {
            entries.remove();
            passed(next, out.append(next.frame, next.length), next.length);
            bytes -= next.length;
            next = entries.peek();
        }
        if (next != null) {
            chunk = chunk.length > 0 ? chunk : new byte[LARGEST_CHUNK_BYTES];
            appendPiece(inTurn(), out);
        }
        if (entries.isEmpty()) {
            chunk = NOTHING;
        }
    }

    /** The one whose last turn is longest ago, of those that the other side puts together now. */
    private Entry inTurn() {
        Entry next = null;
        int seen = 0;
        for (Entry entry : entries) {
            if (!entry.isLarge || seen++ == ChunkSink.MAX_MESSAGES) {
                break;
            }
            next = next == null || entry.lastTurn < next.lastTurn ? entry : next;
        }
        Objects.requireNonNull(next).lastTurn = ++turns;
        return next;
    }

    private void appendPiece(Entry entry, Out out) {
        int pieceBytes = Math.min(entry.left(), FrameHeader.CHUNK_MAX_PAYLOAD_BYTES);
        int first = entry.sent == 0 ? Flags.FIRST_CHUNK : 0;
        entry.number = first == 0 ? entry.number : ++numbers;
        int last = entry.left() == pieceBytes ? Flags.LAST_CHUNK : 0;
        System.arraycopy(entry.frame, entry.sent, chunk, FrameHeader.LENGTH_BYTES, pieceBytes);
        int length = encoder.seal(chunk, pieceBytes, Kind.CHUNK.with(crcFlag | first | last), entry.number);
        long startBytes = out.append(chunk, length);
        entry.sent += pieceBytes;
        bytes -= pieceBytes;
        if (last != 0) {
            entries.remove(entry);
            passed(entry, startBytes, length);
        }
    }

    /** A frame in chunks stands where its last one does: before that the other side knows nothing of it. */
    private static void passed(Entry entry, long startBytes, int length) {
        if (entry.passage != null) {
            entry.passage.standsAt(startBytes, length);
        }
    }

    /**
     * Takes a frame back, if it is here.
     *
     * @return a frame that tells the other side not to wait for the rest; empty if it knows of nothing
     */
    byte[] withdraw(Passage passage) {
        for (Iterator<Entry> each = entries.iterator(); each.hasNext(); ) {
            Entry entry = each.next();
            if (entry.passage == passage) {
                each.remove();
                bytes -= entry.left();
                return entry.sent == 0 ? NOTHING : abandoned(entry);
            }
        }
        return NOTHING;
    }

    private byte[] abandoned(Entry entry) {
        byte[] frame = new byte[FrameHeader.LENGTH_BYTES];
        encoder.seal(frame, 0, Kind.CHUNK.with(Flags.ABANDONED), entry.number);
        return frame;
    }

    void clear() {
        entries.clear();
        bytes = 0;
    }
}
