package dev.streamipc.frame;

import java.nio.ByteBuffer;

/** Where a channel reads into: one array that grows with the bytes that came in, and shrinks again. */
final class InboundBuffer {

    /*
     * Bytes [start, end) have come in and are not yet given on. Room is made by moving them to the front, and only
     * when that is not enough by doubling, and only up to what the frame at the front needs. So the array has at most
     * SMALL_BYTES more than twice the bytes that came in. The last read of a large frame takes at most a slice of what
     * is behind it, so little is moved. A large array is kept for a while, so that a stream of large frames does not
     * grow it anew for each.
     */

    /** What process streams are read in: at this size the JDK neither copies nor allocates on the way. */
    static final int SLICE_BYTES = 8 * 1024;

    /** Two slices, so that there is a whole slice of room behind the beginning of a frame. */
    static final int SMALL_BYTES = 2 * SLICE_BYTES;

    /** An array over this size is let go as soon as it is empty. */
    static final int KEEP_BYTES = 2 * 1024 * 1024;

    /** After so many reads in a row that a small array would have served, a large one is let go. */
    static final int CALM_READS = 16;

    private byte[] bytes = new byte[SMALL_BYTES];
    private ByteBuffer view = ByteBuffer.wrap(bytes);
    private int start;
    private int end;
    private long droppedBytes;
    private int wantedBytes;
    private int calmReads;

    byte[] bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    int heldBytes() {
        return end - start;
    }

    /** Returns how many bytes of the stream came before the one at {@code index}. */
    long offsetBytes(int index) {
        return droppedBytes + index;
    }

    /** States the length of the frame at the start, so that there will be room for it; 0 if it is not known. */
    void want(int frameLengthBytes) {
        wantedBytes = frameLengthBytes;
    }

    boolean hasWanted() {
        return heldBytes() >= wantedBytes;
    }

    void takeTo(int index) {
        start = index;
    }

    void filled(int countBytes) {
        if (countBytes < 0 || countBytes > bytes.length - end) {
            throw new IllegalArgumentException(
                    "more bytes than room: bytes=" + countBytes + ", roomBytes=" + (bytes.length - end));
        }
        end += countBytes;
    }

    /** Returns a slice of room, or more if the frame at the start wants more, but never for the frames behind it. */
    ByteBuffer room() {
        if (start == end) {
            moveTo(bytes);
        }
        shrinkIfCalm();
        if (bytes.length - end < SLICE_BYTES) {
            moveTo(bytes);
        }
        if (bytes.length - end < SLICE_BYTES) {
            moveTo(new byte[(int) Math.min(2L * bytes.length, wantedBytes + SLICE_BYTES)]);
        }
        int roomBytes = Math.min(bytes.length - end, Math.max(0, wantedBytes - heldBytes()) + SLICE_BYTES);
        return view.limit(end + roomBytes).position(end);
    }

    private void shrinkIfCalm() {
        if (bytes.length == SMALL_BYTES) {
            return;
        }
        boolean calm = heldBytes() <= SLICE_BYTES && wantedBytes <= SLICE_BYTES;
        calmReads = calm ? calmReads + 1 : 0;
        if (calmReads >= CALM_READS || heldBytes() == 0 && bytes.length > KEEP_BYTES) {
            calmReads = 0;
            moveTo(new byte[SMALL_BYTES]);
        }
    }

    private void moveTo(byte[] target) {
        System.arraycopy(bytes, start, target, 0, heldBytes());
        droppedBytes += start;
        end -= start;
        start = 0;
        if (target != bytes) {
            bytes = target;
            view = ByteBuffer.wrap(target);
        }
    }
}
