package dev.streamipc.session;

import dev.streamipc.frame.ChunkSink;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.FrameEncoder;
import dev.streamipc.frame.FrameHeader;
import dev.streamipc.frame.Kind;
import dev.streamipc.session.Send.Source;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Large frames, which leave in chunks between the small ones, and what must not overtake them. Guarded by the lock of the
 * {@link Outbox}.
 *
 * <p>Several large frames take turns, so that none waits for a much larger one; as many as the other side puts together at a
 * time, but those of one call one after the other. Parts of streams take their turns with them, whole or in chunks: else
 * small frames would wait behind all that is wanted of a stream. What must not overtake leaves when all that stood here
 * before it has left.
 */
final class Aside {

    private enum Sort {
        IN_CHUNKS,
        /** Takes its turn like those, but leaves in one piece. */
        WHOLE,
        /** Leaves behind all that is here. */
        BEHIND
    }

    /** What waits here. */
    private static final class Entry {
        final LargeFrame frame;
        final @Nullable Passage passage;
        final Sort sort;
        final boolean isControl;
        long number;
        long lastTurn;
        int sent;

        Entry(LargeFrame frame, @Nullable Passage passage, Sort sort, boolean isControl) {
            this.frame = frame;
            this.passage = passage;
            this.sort = sort;
            this.isControl = isControl;
        }

        int left() {
            return frame.length() - sent;
        }
    }

    private static final byte[] NOTHING = {};

    private static final int PIECE_FRAME_BYTES =
            FrameHeader.LENGTH_BYTES + FrameHeader.CHUNK_MAX_PAYLOAD_BYTES + FrameHeader.CRC_LENGTH_BYTES;

    /** The id of a frame that belongs to no call. */
    private static final long NO_CALL = 0;

    private final FrameEncoder encoder;
    private final int crcFlag;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long bytes;
    private int controlBytes;
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

    /** Returns how many of them are of control frames. */
    int controlBytes() {
        return controlBytes;
    }

    /**
     * Puts a large frame here.
     *
     * @param frame belongs to this side list from now on
     */
    void addLarge(LargeFrame frame, @Nullable Passage passage) {
        add(new Entry(frame, passage, Sort.IN_CHUNKS, false));
    }

    /**
     * Takes a copy of a frame that is to wait here: a part, and what must not overtake what is here.
     *
     * @return false if it may leave at once
     */
    boolean takes(byte[] frame, int length, @Nullable Passage passage, Send how) {
        boolean isWanted = how.source() == Source.PART || (!entries.isEmpty() && isToWait(frame, how));
        if (isWanted) {
            boolean isPart = how.source() == Source.PART || how.source() == Source.SMALL_PART;
            boolean isControl = how.source() == Source.CONTROL;
            LargeFrame whole = new LargeFrame(List.of(ByteBuffer.wrap(Arrays.copyOf(frame, length))));
            add(new Entry(whole, passage, isPart ? Sort.WHOLE : Sort.BEHIND, isControl));
            controlBytes += isControl ? length : 0;
        }
        return isWanted;
    }

    private void add(Entry entry) {
        entries.add(entry);
        bytes += entry.left();
    }

    /** A barrier must not overtake what is here, nor the goodbye, nor what belongs to a call of which an earlier word is. */
    private boolean isToWait(byte[] frame, Send how) {
        return switch (how.source()) {
            case LAST -> true;
            case CONTROL -> FrameHeader.kindNumber(frame, 0) == Kind.PING.number() || isDemandBehind(frame);
            case ANSWER, PROGRESS, SMALL_PART -> holds(FrameHeader.id(frame, 0));
            default -> false;
        };
    }

    /** A demand that came before its request would mean nothing. */
    private boolean isDemandBehind(byte[] frame) {
        return FrameHeader.kindNumber(frame, 0) == Kind.DEMAND.number() && holds(FrameHeader.id(frame, 0));
    }

    private boolean holds(long id) {
        for (Entry entry : entries) {
            if (entry.frame.id() == id) {
                return true;
            }
        }
        return false;
    }

    /**
     * Appends what is next, as much as is written at a time: more pieces than one save their writer half of its wake-ups on a
     * socket; on a pipe, which holds no more than one, they only hold the reader up.
     *
     * @param out the end of what is about to be written
     */
    void appendNext(TwinBuffer out) {
        do {
            appendTurn(out);
        } while (crcFlag == 0 && !isEmpty() && out.filled() <= TwinBuffer.SLICE_BYTES - PIECE_FRAME_BYTES);
    }

    /** Appends a piece of a large frame or a part whose turn it is, or all that need not wait any longer. */
    private void appendTurn(TwinBuffer out) {
        Entry next = entries.peek();
        while (next != null && next.sort == Sort.BEHIND) {
            appendWhole(next, out);
            next = entries.peek();
        }
        if (next != null) {
            Entry inTurn = inTurn();
            if (inTurn.sort == Sort.WHOLE) {
                appendWhole(inTurn, out);
            } else {
                appendPiece(inTurn, out);
            }
        }
    }

    private void appendWhole(Entry entry, TwinBuffer out) {
        remove(entry);
        passed(entry, out.append(entry.frame.head(), entry.left()), entry.left());
    }

    private void remove(Entry entry) {
        entries.remove(entry);
        bytes -= entry.left();
        controlBytes -= entry.isControl ? entry.left() : 0;
    }

    /** The one whose last turn is longest ago, of those that the other side puts together now. */
    private Entry inTurn() {
        Entry next = null;
        int inChunks = 0;
        for (Entry entry : entries) {
            inChunks += entry.sort == Sort.IN_CHUNKS ? 1 : 0;
            if (entry.sort == Sort.BEHIND || inChunks > ChunkSink.MAX_MESSAGES) {
                break;
            }
            boolean isOlder = next == null || entry.lastTurn < next.lastTurn;
            next = isOlder && isFirstOfItsCall(entry) ? entry : next;
        }
        Objects.requireNonNull(next).lastTurn = ++turns;
        return next;
    }

    private boolean isFirstOfItsCall(Entry entry) {
        long id = entry.frame.id();
        Iterator<Entry> earlier = entries.iterator();
        Entry first = earlier.next();
        while (first != entry && first.frame.id() != id) {
            first = earlier.next();
        }
        return id == NO_CALL || first == entry;
    }

    private void appendPiece(Entry entry, TwinBuffer out) {
        int pieceBytes = Math.min(entry.left(), FrameHeader.CHUNK_MAX_PAYLOAD_BYTES);
        int first = entry.sent == 0 ? Flags.FIRST_CHUNK : 0;
        entry.number = first == 0 ? entry.number : ++numbers;
        int last = entry.left() == pieceBytes ? Flags.LAST_CHUNK : 0;
        int at = out.reserve(FrameHeader.LENGTH_BYTES + pieceBytes + FrameHeader.CRC_LENGTH_BYTES);
        entry.frame.moveTo(out.filling(), at + FrameHeader.LENGTH_BYTES, pieceBytes);
        int word = Kind.CHUNK.with(crcFlag | first | last);
        int length = encoder.seal(out.filling(), at, pieceBytes, new FrameEncoder.Head(word, entry.number));
        long startBytes = out.reserved(length);
        entry.sent += pieceBytes;
        bytes -= pieceBytes;
        if (last != 0) {
            remove(entry);
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
        for (Entry entry : entries) {
            if (entry.passage == passage) {
                remove(entry);
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
        controlBytes = 0;
    }
}
