package dev.streamipc.serial.kryo;

import dev.streamipc.message.Attachment;

/** An attachment: its position. */
final class AttachmentForm extends Form {

    @Override
    void write(Sink out, Object value) {
        out.attachment((Attachment) value);
    }

    @Override
    Object read(Source in) {
        return in.attachment();
    }
}
