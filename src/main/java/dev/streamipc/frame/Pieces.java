package dev.streamipc.frame;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The payload of a large message as it came in, in pieces, so that the thread that reads never handles more than one of them
 * at a time. Belongs to whoever takes it from its {@link Frame}, and does not change any more by then.
 */
public final class Pieces {

    /** The header, a table of attachments and the fields behind it are always within the first. */
    static final int FIRST_BYTES = 64 * 1024;

    private static final int NEXT_BYTES = 256 * 1024;

    /** With the header of an array within a region of G1, which does not move what fills one. */
    private static final int MOST_BYTES = 1024 * 1024 - 64;

    private final List<byte[]> arrays = new ArrayList<>();
    private int count;
    private int room;
    private @Nullable Landing landing;
    private volatile byte @Nullable [] ahead;
    private volatile boolean complete;
    private byte @Nullable [] whole;
    private int wholeFrom;

    Pieces() {}

    /** Returns the first array: the bytes of the frame from its header on. */
    byte[] first() {
        return arrays.get(0);
    }

    boolean isOneArray() {
        return arrays.size() == 1 && landing == null && whole == null;
    }

    /**
     * Takes memory for the whole frame, into which goes what comes in from then on: what came before is moved there by whoever
     * looks at the payload. For any thread.
     */
    void takeAhead(int frameBytes) {
        if (!complete) {
            ahead = new byte[frameBytes];
        }
    }

    /** Nothing more comes in. */
    void complete() {
        complete = true;
    }

    /** Returns how many bytes of the frame are here. */
    int count() {
        return count;
    }

    /** Adds bytes, of a frame that is to have so many in all. */
    void add(ByteBuffer more, long frameBytes) {
        if (whole == null && ahead != null) {
            whole = ahead;
            wholeFrom = count;
        }
        if (whole != null) {
            // what is more than was claimed is a violation, seen right behind this
            int part = Math.min(more.remaining(), whole.length - count);
            more.get(whole, count, part);
            count += part;
            return;
        }
        addPieces(more, frameBytes);
    }

    private void addPieces(ByteBuffer more, long frameBytes) {
        while (more.hasRemaining()) {
            if (room == 0) {
                int usual = arrays.isEmpty() ? FIRST_BYTES : Math.min(Math.max(NEXT_BYTES, count), MOST_BYTES);
                room = (int) Math.max(more.remaining(), Math.min(usual, frameBytes - count));
                arrays.add(new byte[room]);
            }
            byte[] last = arrays.get(arrays.size() - 1);
            int part = Math.min(room, more.remaining());
            more.get(last, last.length - room, part);
            room -= part;
            count += part;
        }
    }

    /** From {@code frameAt} on the bytes are elsewhere: moves those that are here. */
    void land(int frameAt, Landing elsewhere) {
        landing = elsewhere;
        int at = 0;
        for (byte[] array : arrays) {
            int from = Math.max(frameAt, at);
            int to = Math.min(count, at + array.length);
            if (from < to) {
                elsewhere.put(from - frameAt, ByteBuffer.wrap(array, from - at, to - from));
            }
            at += array.length;
        }
        if (count > frameAt) {
            count = frameAt;
            room = 0;
        }
    }

    /**
     * Returns where the attachments are, if that is not here.
     *
     * @return null if all is here
     */
    public @Nullable Landing landing() {
        return landing;
    }

    /**
     * Returns a stretch of the payload: as it is, if it came in one piece, else joined in an array of its own.
     *
     * @param payloadAt index of its first byte, from the payload's first on
     * @param length how many bytes, all of them here
     * @return a buffer with an array, with the stretch between position and limit
     * @throws IndexOutOfBoundsException if not all of them are here
     */
    public ByteBuffer stretch(int payloadAt, int length) {
        int from = FrameHeader.LENGTH_BYTES + payloadAt;
        if (payloadAt < 0 || length < 0 || length > count - from) {
            throw new IndexOutOfBoundsException("payloadAt=" + payloadAt + ", length=" + length + ", count=" + count);
        }
        return whole == null ? joined(from, length) : ByteBuffer.wrap(gathered(whole), from, length);
    }

    private byte[] gathered(byte[] target) {
        int at = 0;
        for (byte[] array : arrays) {
            int part = Math.min(array.length, wholeFrom - at);
            System.arraycopy(array, 0, target, at, part);
            at += part;
        }
        wholeFrom = 0;
        arrays.subList(1, arrays.size()).clear();
        return target;
    }

    private ByteBuffer joined(int from, int length) {
        ahead = null;
        byte[] joined = {};
        int done = 0;
        int at = 0;
        for (byte[] array : arrays) {
            int first = Math.max(from + done - at, 0);
            if (first < array.length && done < length) {
                int part = Math.min(length - done, array.length - first);
                if (part == length) {
                    return ByteBuffer.wrap(array, first, length);
                }
                joined = done == 0 ? new byte[length] : joined;
                System.arraycopy(array, first, joined, done, part);
                done += part;
            }
            at += array.length;
        }
        return ByteBuffer.wrap(joined);
    }
}
