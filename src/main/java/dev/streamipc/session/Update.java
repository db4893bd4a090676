package dev.streamipc.session;

import dev.streamipc.frame.FrameHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** An update of a call, encoded once; how many were left out before it is known when it leaves. */
final class Update {
    /*
     *    0        24     26             30
     *    +--------+------+--------------+------ ...
     *    | header | type | left out     | body           the number is there with the flag MERGED only
     *    +--------+------+--------------+------ ...
     */

    private static final int HEAD_BYTES = FrameHeader.LENGTH_BYTES + Short.BYTES;

    private final byte[] fields;
    private final Attached attachments;

    /**
     * Makes an update.
     *
     * @param fields room for the header, type, room for the number of those left out, body
     * @param attachments stand around the fields
     */
    Update(byte[] fields, Attached attachments) {
        this.fields = fields;
        this.attachments = attachments;
    }

    /** Returns the flag of a frame with its attachments. */
    int flag() {
        return attachments.flag();
    }

    /** Returns the pieces of its frame; nothing in them belongs to the update but the memory. */
    List<ByteBuffer> pieces(int leftOut) {
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES + (leftOut == 0 ? 0 : Integer.BYTES));
        head.put(fields, 0, HEAD_BYTES);
        if (leftOut != 0) {
            head.putInt(leftOut);
        }
        int bodyAt = HEAD_BYTES + Integer.BYTES;
        List<ByteBuffer> pieces = new ArrayList<>();
        pieces.add(head.flip());
        pieces.add(ByteBuffer.wrap(fields, bodyAt, fields.length - bodyAt));
        return attachments.around(pieces);
    }
}
