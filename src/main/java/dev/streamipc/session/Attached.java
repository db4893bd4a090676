package dev.streamipc.session;

import dev.streamipc.frame.AttachmentTable;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.FrameHeader;
import dev.streamipc.message.Attachment;
import dev.streamipc.serial.AttachmentsOut;
import dev.streamipc.serial.PayloadTooLarge;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The attachments of a message that is being made into a frame. For one thread at a time. */
final class Attached implements AttachmentsOut {

    private final List<ByteBuffer> buffers = new ArrayList<>();
    private final int maxPayloadBytes;
    private final boolean isAllowed;
    private long bytes;

    /**
     * Makes one without attachments.
     *
     * @param isAllowed whether the other side knows attachments
     */
    Attached(int maxPayloadBytes, boolean isAllowed) {
        this.maxPayloadBytes = maxPayloadBytes;
        this.isAllowed = isAllowed;
    }

    @Override
    public int add(Attachment attachment) throws IOException {
        if (!isAllowed) {
            throw new IOException("the other side knows no attachments; send it the bytes in a byte[]");
        }
        if (buffers.size() == AttachmentTable.MAX_COUNT) {
            throw new IOException("too many attachments: most=" + AttachmentTable.MAX_COUNT);
        }
        bytes += attachment.lengthBytes();
        buffers.add(attachment.buffer());
        if (lengthBytes() > maxPayloadBytes) {
            throw new PayloadTooLarge(maxPayloadBytes);
        }
        return buffers.size() - 1;
    }

    void clear() {
        buffers.clear();
        bytes = 0;
    }

    boolean isEmpty() {
        return buffers.isEmpty();
    }

    /** Returns the flag of a frame with these. */
    int flag() {
        return isEmpty() ? 0 : Flags.ATTACHMENTS;
    }

    /** Returns how many bytes of payload the table and the attachments take. */
    long lengthBytes() {
        return AttachmentTable.lengthBytes(buffers.size()) + bytes;
    }

    /** Returns the pieces of a frame: header room and table, what was written as the fields, and the attachments. */
    List<ByteBuffer> around(List<ByteBuffer> fields) {
        if (isEmpty()) {
            return fields;
        }
        int headBytes = FrameHeader.LENGTH_BYTES + AttachmentTable.lengthBytes(buffers.size());
        ByteBuffer head = ByteBuffer.allocate(headBytes)
                .position(FrameHeader.LENGTH_BYTES)
                .putShort((short) buffers.size());
        buffers.forEach(buffer -> head.putInt(buffer.remaining()));
        List<ByteBuffer> pieces = new ArrayList<>(1 + fields.size() + buffers.size());
        pieces.add(head.flip());
        pieces.addAll(fields);
        pieces.get(1).position(FrameHeader.LENGTH_BYTES);
        buffers.forEach(buffer -> pieces.add(buffer.duplicate()));
        return pieces;
    }
}
