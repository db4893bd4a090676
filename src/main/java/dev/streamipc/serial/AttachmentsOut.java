package dev.streamipc.serial;

import dev.streamipc.message.Attachment;
import java.io.IOException;

/** Takes the attachments of a message that is being written: a codec writes their positions. */
@FunctionalInterface
public interface AttachmentsOut {

    /** Takes none. */
    AttachmentsOut NONE = attachment -> {
        throw new IOException("attachments can't be sent here; send the bytes in a byte[]");
    };

    /**
     * Takes an attachment. One that stands in a message twice is taken twice.
     *
     * @param attachment whose bytes are to travel behind the body
     * @return its position, from 0, by which the reading side finds it
     * @throws IOException if the other side knows no attachments, or there are too many, or too long ones
     */
    int add(Attachment attachment) throws IOException;
}
