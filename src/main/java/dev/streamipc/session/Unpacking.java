package dev.streamipc.session;

import dev.streamipc.frame.AttachmentTable;
import dev.streamipc.frame.Frame;
import dev.streamipc.frame.Landing;
import dev.streamipc.frame.LandingPlaces;
import dev.streamipc.frame.Pieces;
import dev.streamipc.message.Attachment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Finds the attachments of a frame: where they came in, or in memory of their own. */
final class Unpacking {

    private Unpacking() {}

    static List<Attachment> attachments(Frame frame, AttachmentTable table, LandingPlaces places) {
        if (table.count() == 0) {
            return List.of();
        }
        Pieces pieces = frame.pieces();
        Landing landing = pieces != null ? pieces.landing() : places.of(frame.id(), table.attachmentBytes());
        ByteBuffer here = ByteBuffer.allocate(0);
        if (pieces == null) {
            // the decoder's own memory, which the next frame takes
            ByteBuffer came = frame.stretch(table.attachmentsAt(), table.attachmentBytes());
            if (landing != null) {
                landing.put(0, came);
            } else {
                here = ByteBuffer.allocate(came.remaining()).put(came).flip();
            }
        }
        List<Attachment> attachments = new ArrayList<>(table.count());
        int at = 0;
        for (int i = 0; i < table.count(); i++) {
            int length = table.attachmentBytes(i);
            ByteBuffer bytes = landing != null
                    ? landing.view(at, length)
                    : pieces != null ? pieces.stretch(table.attachmentsAt() + at, length) : here.slice(at, length);
            attachments.add(Attachment.of(bytes));
            at += length;
        }
        return attachments;
    }
}
