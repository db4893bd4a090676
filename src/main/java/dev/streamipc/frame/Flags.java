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

    /** Raw bytes stand behind the body, and their table before it; on what carries a message. */
    public static final int ATTACHMENTS = 0x10;

    /** A message begins with this piece; on CHUNK. */
    public static final int FIRST_CHUNK = 0x20;

    /** The message is whole with this piece; on CHUNK. */
    public static final int LAST_CHUNK = 0x40;

    /** No more of the message will come; on CHUNK, without a payload. */
    public static final int ABANDONED = 0x80;

    /** No more parts of this call will come; on PART. */
    public static final int LAST_PART = 0x100;

    /** The answer is a stream of parts; on REQUEST. */
    public static final int WANT_PARTS = 0x200;

    /** A stream of parts follows; on REQUEST. */
    public static final int BRINGS_PARTS = 0x400;

    /** The number of the attempt and its key stand before the body; on REQUEST. */
    public static final int ATTEMPT = 0x800;

    private Flags() {}
}
