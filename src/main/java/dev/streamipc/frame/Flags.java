package dev.streamipc.frame;

/** The bits of a header's flags (docs/PROTOCOL.md, section 3). Each kind of frame may carry only some of them. */
public final class Flags {

    /** A CRC-32 of the payload follows the payload; on any kind. */
    public static final int PAYLOAD_CRC = 0x1;

    /** The asker wants a STARTED when the handler is entered; on REQUEST. */
    public static final int WANT_STARTED = 0x2;

    /** Somebody listens to PROGRESS of this call; on REQUEST. */
    public static final int WANT_PROGRESS = 0x4;

    /** Earlier updates of this call were left out; on PROGRESS. */
    public static final int MERGED = 0x8;

    /** Reserved for raw buffers beside the payload: no kind may carry it yet. */
    public static final int ATTACHMENTS = 0x10;

    /** A message begins with this piece; on CHUNK. */
    public static final int FIRST_CHUNK = 0x20;

    /** The message is whole with this piece; on CHUNK. */
    public static final int LAST_CHUNK = 0x40;

    /** No more of the message will come; on CHUNK, without a payload. */
    public static final int ABANDONED = 0x80;

    private Flags() {}
}
