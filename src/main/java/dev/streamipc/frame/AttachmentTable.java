package dev.streamipc.frame;

import java.io.IOException;

/**
 * What stands where in a payload that may have attachments (docs/PROTOCOL.md, section 13).
 *
 * <pre>
 *  | count | length of each    | type, ..., body        | attachment 0 | attachment 1 | ...
 *  | 2     | 4 x count         | fields                 |
 * </pre>
 */
public final class AttachmentTable {

    /** The most attachments of a message. */
    public static final int MAX_COUNT = 256;

    /** Of most messages: shared, so that those cost no array. */
    private static final int[] NO_LENGTHS = {};

    private final int[] lengths;
    private final int fieldsAt;
    private final int fieldsBytes;

    private AttachmentTable(int[] lengths, int fieldsAt, int fieldsBytes) {
        this.lengths = lengths;
        this.fieldsAt = fieldsAt;
        this.fieldsBytes = fieldsBytes;
    }

    /**
     * Returns how many bytes a table takes.
     *
     * @param count how many attachments there are; 0 for a message without
     * @return bytes
     */
    public static int lengthBytes(int count) {
        return count == 0 ? 0 : Short.BYTES + Integer.BYTES * count;
    }

    /**
     * Reads the table of a frame, if it has one.
     *
     * @param frame a frame with a message
     * @return what stands where
     * @throws IOException if the table is none, or claims more than the payload
     */
    public static AttachmentTable of(Frame frame) throws IOException {
        int length = frame.payloadLength();
        if ((frame.flags() & Flags.ATTACHMENTS) == 0) {
            return new AttachmentTable(NO_LENGTHS, 0, length);
        }
        int count = length < Short.BYTES ? 0 : count(frame.payload(), frame.payloadOffset());
        if (count == 0 || count > MAX_COUNT || lengthBytes(count) > length) {
            throw new IOException(
                    "no table of attachments: count=" + count + ", most=" + MAX_COUNT + ", payloadBytes=" + length);
        }
        return read(frame.payload(), frame.payloadOffset(), length);
    }

    /**
     * Returns where the type of a message begins, whether or not its table is good.
     *
     * @param frame a frame with a message
     * @return an index into {@link Frame#payload()}
     */
    public static int fieldsOffset(Frame frame) {
        boolean hasTable = (frame.flags() & Flags.ATTACHMENTS) != 0 && frame.payloadLength() >= Short.BYTES;
        int count = hasTable ? count(frame.payload(), frame.payloadOffset()) : 0;
        return frame.payloadOffset() + lengthBytes(count <= MAX_COUNT ? count : 0);
    }

    static int count(byte[] payload, int offset) {
        return (payload[offset] & 0xFF) << 8 | payload[offset + 1] & 0xFF;
    }

    /** Reads a table that is there in whole. */
    static AttachmentTable read(byte[] payload, int offset, int payloadLength) throws IOException {
        int[] lengths = new int[count(payload, offset)];
        int fieldsAt = lengthBytes(lengths.length);
        long left = (long) payloadLength - fieldsAt;
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = FrameHeader.intAt(payload, offset + Short.BYTES + i * Integer.BYTES);
            left -= Integer.toUnsignedLong(lengths[i]);
        }
        if (left < 0) {
            throw new IOException("attachments over the payload: count=" + lengths.length + ", payloadBytes="
                    + payloadLength + ", missingBytes=" + -left);
        }
        return new AttachmentTable(lengths, fieldsAt, (int) left);
    }

    /**
     * Returns how many attachments there are.
     *
     * @return 0 to {@link #MAX_COUNT}
     */
    public int count() {
        return lengths.length;
    }

    /**
     * Returns the length of an attachment.
     *
     * @param position from 0
     * @return bytes, 0 or more
     */
    public int attachmentBytes(int position) {
        return lengths[position];
    }

    /**
     * Returns the length of all attachments.
     *
     * @return bytes, 0 or more
     */
    public int attachmentBytes() {
        int sum = 0;
        for (int length : lengths) {
            sum += length;
        }
        return sum;
    }

    /**
     * Returns where the type and what follows it begins.
     *
     * @return an index from the payload's first byte on
     */
    public int fieldsAt() {
        return fieldsAt;
    }

    /**
     * Returns how many bytes table and attachments leave for the type, the further fields and the body.
     *
     * @return bytes, 0 or more
     */
    public int fieldsBytes() {
        return fieldsBytes;
    }

    /**
     * Returns where the first attachment begins.
     *
     * @return an index from the payload's first byte on
     */
    public int attachmentsAt() {
        return fieldsAt + fieldsBytes;
    }
}
