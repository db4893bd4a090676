package dev.streamipc.serial;

import dev.streamipc.message.Attachment;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;

/** The attachments that came with a message: a codec finds them by the positions that it reads. For one thread at a time. */
public final class AttachmentsIn {

    /** Of most messages: shared, so that those cost no set of what was taken. */
    private static final AttachmentsIn NONE = new AttachmentsIn(List.of());

    private final List<Attachment> attachments;
    private final BitSet taken = new BitSet();

    private AttachmentsIn(List<Attachment> attachments) {
        this.attachments = attachments;
    }

    /**
     * Returns the attachments of one message.
     *
     * @param attachments in their order, perhaps none
     * @return to be read once
     */
    public static AttachmentsIn of(List<Attachment> attachments) {
        return attachments.isEmpty() ? NONE : new AttachmentsIn(attachments);
    }

    /**
     * Returns how many there are.
     *
     * @return 0 to 256
     */
    public int count() {
        return attachments.size();
    }

    /**
     * Returns an attachment.
     *
     * @param position where it stands, from 0
     * @return the attachment
     * @throws IOException if none stands there, or it was taken before
     */
    public Attachment take(long position) throws IOException {
        if (position < 0 || position >= attachments.size()) {
            throw new IOException("no such attachment: position=" + position + ", count=" + attachments.size());
        }
        if (taken.get((int) position)) {
            throw new IOException("attachment named twice: position=" + position + ", count=" + attachments.size());
        }
        taken.set((int) position);
        return attachments.get((int) position);
    }
}
