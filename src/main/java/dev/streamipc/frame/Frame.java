package dev.streamipc.frame;

/**
 * One frame that came in: a view into the decoder's buffer, good until the callback that was given it returns. The next
 * frame reuses it, so whoever needs the payload for longer copies it.
 */
public final class Frame {

    private byte[] buffer = {};
    private Kind kind = Kind.VOID;
    private int flags;
    private long id;
    private int payloadOffset;
    private int payloadLength;
    private long offsetBytes;

    Frame() {}

    void lookAt(byte[] buffer, int frameAt, Kind kind, long offsetBytes) {
        this.buffer = buffer;
        this.kind = kind;
        this.flags = FrameHeader.flags(buffer, frameAt);
        this.id = FrameHeader.id(buffer, frameAt);
        this.payloadOffset = frameAt + FrameHeader.LENGTH_BYTES;
        this.payloadLength = FrameHeader.payloadLengthBytes(buffer, frameAt);
        this.offsetBytes = offsetBytes;
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
     * Returns the array that holds the payload, among other things. It belongs to the decoder and is not to be changed.
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
