package dev.streamipc.session;

import dev.streamipc.frame.FrameHeader;
import dev.streamipc.frame.Kind;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bytes that wait to be written: one array is filled while the other is written, and a third holds the opening frames,
 * which go first. Guarded by the lock of the {@link Outbox}, except {@link #flushing}, which belongs to the flusher.
 */
final class TwinBuffer {

    /** What one write is given: the room of a long flush comes back in such steps. */
    static final int SLICE_BYTES = 256 * 1_024;

    private static final int SMALL_BYTES = 4_096;
    private static final int KEPT_BYTES = 64 * 1_024;
    /** What a session keeps that does nothing. */
    private static final int RESTING_BYTES = 8 * 1_024;
    /** Of a session that has nothing to send yet, or any more: the first frame takes what it needs. */
    private static final Half EMPTY = new Half(new byte[0]);

    private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final long usualBytes;
    private Half filling = EMPTY;
    private int filled;
    private Half spare = EMPTY;
    private ByteBuffer flushing = NOTHING;
    private int flushingBytes;
    private int flushedBytes;
    private byte[] early = {};
    private int earlyBytes;
    private long baseBytes;
    private long goneBytes;
    private final Tally frames = new Tally();
    private final Tally notes = new Tally();
    private final Tally bytes = new Tally();

    /** One of the two arrays, and what the flusher sees of it. */
    private static final class Half {

        final byte[] bytes;
        final ByteBuffer view;

        Half(byte[] bytes) {
            this.bytes = bytes;
            this.view = ByteBuffer.wrap(bytes);
        }
    }

    /**
     * Makes an empty buffer.
     *
     * @param usualBytes what an array grows to at most, unless a frame needs more
     */
    TwinBuffer(long usualBytes) {
        this.usualBytes = usualBytes;
    }

    /** Appends a frame and returns its place in the stream, in which opening frames are not counted. */
    long append(byte[] frame, int length) {
        count(frame, length);
        makeRoom(length);
        System.arraycopy(frame, 0, filling.bytes, filled, length);
        filled += length;
        return baseBytes + filled - length;
    }

    /** Makes room at the end of {@link #filling}, and returns where; {@link #reserved} says how much of it was filled. */
    int reserve(int length) {
        makeRoom(length);
        return filled;
    }

    /** A frame that is no notification was written where there was room, and this returns its place in the stream. */
    long reserved(int length) {
        frames.add(1);
        bytes.add(length);
        filled += length;
        return baseBytes + filled - length;
    }

    private void count(byte[] frame, int length) {
        frames.add(1);
        countNote(frame, length);
        bytes.add(length);
    }

    /** Counts a notification; one that leaves in chunks is none by its chunks. */
    void countNote(byte[] frame, int length) {
        boolean note = length > FrameHeader.LENGTH_BYTES && FrameHeader.kindNumber(frame, 0) == Kind.NOTIFY.number();
        notes.add(note ? 1 : 0);
    }

    /** All that was appended since the start. */
    record Load(long frames, long notes, long bytes) {}

    /** Needs no lock. */
    Load load() {
        return new Load(frames.get(), notes.get(), bytes.get());
    }

    /** Returns whether an array can hold so many bytes more. */
    boolean holds(int length) {
        return (long) filled + length <= MAX_ARRAY_BYTES;
    }

    void appendEarly(byte[] frame, int length) {
        count(frame, length);
        early = withRoom(early, earlyBytes, length);
        System.arraycopy(frame, 0, early, earlyBytes, length);
        earlyBytes += length;
    }

    /** Moves the opening frames to the flusher and returns how many bytes they are. */
    int swapEarly() {
        flush(ByteBuffer.wrap(early), earlyBytes);
        early = new byte[0];
        earlyBytes = 0;
        return flushingBytes;
    }

    /** Moves all other frames to the flusher. */
    void swapFilled() {
        flush(filling.view, filled);
        Half free = spare;
        spare = filling;
        filling = free;
        baseBytes += filled;
        filled = 0;
    }

    private void flush(ByteBuffer view, int count) {
        flushingBytes = count;
        flushing = view.clear().limit(Math.min(count, SLICE_BYTES));
    }

    /** Returns whether the flusher has written all that it was given, and not only a slice. */
    boolean isFlushed() {
        return flushing.position() == flushingBytes;
    }

    /** A slice was written; the next is in {@link #flushing}. */
    void nextSlice() {
        flushedBytes = flushing.position();
        flushing.limit(Math.min(flushingBytes, flushedBytes + SLICE_BYTES));
    }

    /** The flusher has written what it had. */
    void flushed() {
        goneBytes += flushingBytes;
        flushingBytes = 0;
        flushedBytes = 0;
        flushing = NOTHING;
    }

    /** Gives large arrays back; only while nobody flushes. */
    void shrink() {
        shrinkTo(KEPT_BYTES);
    }

    private void shrinkTo(int keptBytes) {
        if (spare.bytes.length > keptBytes) {
            spare = EMPTY;
        }
        if (filled == 0 && filling.bytes.length > keptBytes) {
            filling = EMPTY;
        }
    }

    /** Gives back what nothing needed for a while; only while nobody flushes. */
    void rest() {
        shrinkTo(0);
    }

    /** Returns whether there is anything to give back. */
    boolean isGrown() {
        return Math.max(spare.bytes.length, filling.bytes.length) > RESTING_BYTES;
    }

    /** Throws away what has not left. */
    void clear() {
        filled = 0;
        earlyBytes = 0;
        filling = EMPTY;
    }

    ByteBuffer flushing() {
        return flushing;
    }

    byte[] filling() {
        return filling.bytes;
    }

    int filled() {
        return filled;
    }

    int earlyBytes() {
        return earlyBytes;
    }

    /** Returns how many bytes wait or are being written, opening frames aside. */
    long queuedBytes() {
        return (long) filled + flushingBytes - flushedBytes;
    }

    /** Returns how many bytes the channel has taken in all: while it is at it a guess, which the flusher overtakes. */
    long takenBytes() {
        return goneBytes + flushing.position();
    }

    /** Returns how many bytes the channel will have taken when it has all that is here now. */
    long endBytes() {
        return goneBytes + flushingBytes + filled + earlyBytes;
    }

    /** Returns whether the channel has taken so many bytes. */
    boolean isGone(long bytes) {
        return goneBytes >= bytes;
    }

    /** Returns the place in the stream of the first byte that has not left. */
    long baseBytes() {
        return baseBytes;
    }

    private void makeRoom(int more) {
        byte[] roomy = withRoom(filling.bytes, filled, more);
        if (roomy != filling.bytes) {
            filling = new Half(roomy);
        }
    }

    private byte[] withRoom(byte[] buffer, int used, int more) {
        int needed = Math.addExact(used, more);
        if (needed <= buffer.length) {
            return buffer;
        }
        long grown = Math.min(Math.max(SMALL_BYTES, 2L * buffer.length), usualBytes);
        return Arrays.copyOf(buffer, (int) Math.min(Math.max(needed, grown), MAX_ARRAY_BYTES));
    }
}
