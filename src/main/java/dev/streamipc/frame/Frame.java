package dev.streamipc.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One frame that came in: a view into the decoder's buffer, good until the callback that was given it returns. The next
 * frame reuses it, so whoever needs the payload for longer copies it.
 */
public final class Frame {

    private static final byte[] NOTHING = {};

    private byte[] buffer = NOTHING;
    private Kind kind = Kind.VOID;
    private int flags;
    private long id;
    private int payloadOffset;
    private int payloadLength;
    private long offsetBytes;
    private @Nullable Pieces pieces;
    /** Of one array after the other: each message is looked at through it. */
    private @Nullable ByteBuffer view;

    Frame() {}

    void lookAt(byte[] buffer, int frameAt, Kind kind, long offsetBytes) {
        view = this.buffer == buffer ? view : null;
        this.buffer = buffer;
        this.kind = kind;
        this.flags = FrameHeader.flags(buffer, frameAt);
        this.id = FrameHeader.id(buffer, frameAt);
        this.payloadOffset = frameAt + FrameHeader.LENGTH_BYTES;
        this.payloadLength = FrameHeader.payloadLengthBytes(buffer, frameAt);
        this.offsetBytes = offsetBytes;
        this.pieces = null;
    }

    /** Shows a message that came in chunks; one that fits into an array is like any other frame. */
    void lookAt(Pieces message, Kind kind, long offsetBytes) {
        lookAt(message.first(), 0, kind, offsetBytes);
        this.pieces = message.isOneArray() ? null : message;
    }

    /**
     * Returns the payload of a large message, of which {@link #payload()} holds only the beginning: at least a table of
     * attachments and the first fields. It may be kept.
     *
     * @return null if {@link #payload()} holds it all
     */
    public @Nullable Pieces pieces() {
        return pieces;
    }

    /**
     * Returns a stretch of the payload, wherever it is; one of a large message may be joined for it. Good until the next
     * stretch is asked for, and no longer than the frame.
     *
     * @param payloadAt index of its first byte, from the payload's first on
     * @param length how many bytes
     * @return a buffer with an array, with the stretch between position and limit
     */
    public ByteBuffer stretch(int payloadAt, int length) {
        if (pieces != null) {
            return pieces.stretch(payloadAt, length);
        }
        ByteBuffer all = view;
        if (all == null) {
            all = ByteBuffer.wrap(buffer);
            view = all;
        }
        int at = payloadOffset + payloadAt;
        // who had the last stretch may have read it in another order
        return all.order(ByteOrder.BIG_ENDIAN).limit(at + length).position(at);
    }

    /** Holds the payload no longer: a large one need not be here twice while a stretch of it is looked at. */
    public void letGo() {
        pieces = null;
        buffer = NOTHING;
        view = null;
        payloadOffset = 0;
        payloadLength = 0;
    }

    /**
     * Returns a frame like this one that stays good behind the callback. The payload of a large message is not copied.
     *
     * @return another frame
     */
    public Frame kept() {
        Frame kept = new Frame();
        if (pieces != null) {
            kept.lookAt(pieces, kind, offsetBytes);
        } else {
            int frameAt = payloadOffset - FrameHeader.LENGTH_BYTES;
            kept.lookAt(Arrays.copyOfRange(buffer, frameAt, payloadOffset + payloadLength), 0, kind, offsetBytes);
        }
        return kept;
    }

    /**
     * Returns what the frame is for; never a reserved kind.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns the bits of {@link Flags}; only those that the kind may carry.
     *
     * @return the bits
     */
    public int flags() {
        return flags;
    }

    /**
     * Returns all 64 bits of the request id.
     *
     * @return the id
     */
    public long id() {
        return id;
    }

    /**
     * Returns the array that holds the payload, among other things, or the beginning of it: see {@link #pieces()}. It
     * belongs to the decoder and is not to be changed.
     *
     * @return the array
     */
    public byte[] payload() {
        return buffer;
    }

    /**
     * Returns the index of the payload's first byte in {@link #payload()}.
     *
     * @return an index into {@link #payload()}
     */
    public int payloadOffset() {
        return payloadOffset;
    }

    /**
     * Returns a number out of {@link #payload()}.
     *
     * @param at index of its first byte there
     * @return 32 bits
     * @throws IndexOutOfBoundsException if the array ends before it does
     */
    public int intAt(int at) {
        return FrameHeader.intAt(buffer, at);
    }

    /**
     * Returns a short number out of {@link #payload()}.
     *
     * @param at index of its first byte there
     * @return 0 to 65,535
     * @throws IndexOutOfBoundsException if the array ends before it does
     */
    public int shortAt(int at) {
        return (buffer[at] & 0xFF) << 8 | buffer[at + 1] & 0xFF;
    }

    /**
     * Returns the length of the payload in bytes, without the CRC behind it; at most the decoder's limit.
     *
     * @return bytes, 0 or more
     */
    public int payloadLength() {
        return payloadLength;
    }

    /**
     * Returns how many bytes of the stream came before the frame.
     *
     * @return bytes from the start of the stream
     */
    public long offsetBytes() {
        return offsetBytes;
    }
}
