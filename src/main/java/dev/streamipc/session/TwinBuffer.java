package dev.streamipc.session;

import dev.streamipc.frame.FrameHeader;
import dev.streamipc.frame.Kind;
import java.util.Arrays;

/**
 * The bytes that wait to be written: one array is filled while the other is written, and a third holds the opening frames,
 * which go first. Guarded by the lock of the {@link Outbox}, except {@link #flushing}, which belongs to the flusher.
 */
final class TwinBuffer {

    private static final int SMALL_BYTES = 4_096;
    private static final int KEPT_BYTES = 64 * 1_024;
    private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

    private byte[] filling = new byte[SMALL_BYTES];
    private int filled;
    private byte[] flushing = new byte[SMALL_BYTES];
    private int flushingBytes;
    private byte[] early = {};
    private int earlyBytes;
    private long baseBytes;
    private final Tally frames = new Tally();
    private final Tally notes = new Tally();
    private final Tally bytes = new Tally();

    /** Appends a frame and returns its place in the stream, in which opening frames are not counted. */
    long append(byte[] frame, int length) {
        count(frame, length);
        filling = withRoom(filling, filled, length);
        System.arraycopy(frame, 0, filling, filled, length);
        filled += length;
        return baseBytes + filled - length;
    }

    private void count(byte[] frame, int length) {
        frames.add(1);
        notes.add(FrameHeader.kindNumber(frame, 0) == Kind.NOTIFY.number() ? 1 : 0);
        bytes.add(length);
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
        flushing = early;
        flushingBytes = earlyBytes;
        early = new byte[0];
        earlyBytes = 0;
        return flushingBytes;
    }

    /** Moves all other frames to the flusher. */
    void swapFilled() {
        byte[] free = flushing.length >= SMALL_BYTES ? flushing : new byte[SMALL_BYTES];
        flushing = filling;
        flushingBytes = filled;
        baseBytes += filled;
        filling = free;
        filled = 0;
    }

    /** The flusher has written what it had. */
    void flushed() {
        flushingBytes = 0;
    }

    /** Gives large arrays back; only while nobody flushes. */
    void shrink() {
        if (flushing.length > KEPT_BYTES) {
            flushing = new byte[SMALL_BYTES];
        }
        if (filled == 0 && filling.length > KEPT_BYTES) {
            filling = new byte[SMALL_BYTES];
        }
    }

    /** Throws away what has not left. */
    void clear() {
        filled = 0;
        earlyBytes = 0;
        filling = new byte[0];
    }

    byte[] flushing() {
        return flushing;
    }

    int flushingBytes() {
        return flushingBytes;
    }

    byte[] filling() {
        return filling;
    }

    int filled() {
        return filled;
    }

    int earlyBytes() {
        return earlyBytes;
    }

    /** Returns how many bytes wait or are being written, opening frames aside. */
    long queuedBytes() {
        return (long) filled + flushingBytes;
    }

    /** Returns the place in the stream of the first byte that has not left. */
    long baseBytes() {
        return baseBytes;
    }

    private static byte[] withRoom(byte[] buffer, int used, int more) {
        int needed = Math.addExact(used, more);
        if (needed <= buffer.length) {
            return buffer;
        }
        return Arrays.copyOf(buffer, (int) Math.min(Math.max(needed, 2L * buffer.length), MAX_ARRAY_BYTES));
    }
}
