package dev.streamipc.session;

import dev.streamipc.frame.FrameHeader;
import java.nio.ByteBuffer;
import java.util.List;

/** A frame that leaves in chunks: the pieces of which it is made, never joined. For one thread at a time. */
final class LargeFrame {

    private final byte[] head;
    private final List<ByteBuffer> pieces;
    private final int length;
    private int piece;

    /**
     * Makes a frame.
     *
     * @param pieces belong to this frame from now on, their positions included; the first is on the heap and holds the
     *     sealed header at the beginning of its array
     */
    LargeFrame(List<ByteBuffer> pieces) {
        this.head = pieces.get(0).array();
        this.pieces = pieces;
        this.length = pieces.stream().mapToInt(ByteBuffer::remaining).sum();
    }

    /** Returns an array that begins with the header. */
    byte[] head() {
        return head;
    }

    long id() {
        return FrameHeader.id(head, 0);
    }

    int length() {
        return length;
    }

    /** Moves the next bytes. */
    void moveTo(byte[] target, int at, int count) {
        int done = 0;
        while (done < count) {
            ByteBuffer next = pieces.get(piece);
            int part = Math.min(count - done, next.remaining());
            next.get(target, at + done, part);
            done += part;
            piece += next.hasRemaining() ? 0 : 1;
        }
    }
}
