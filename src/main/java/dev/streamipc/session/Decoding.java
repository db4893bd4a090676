package dev.streamipc.session;

import dev.streamipc.frame.AttachmentTable;
import dev.streamipc.frame.Frame;
import dev.streamipc.frame.LandingPlaces;
import dev.streamipc.message.Message;
import dev.streamipc.serial.AttachmentsIn;
import dev.streamipc.serial.MessageSerializer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;

/** Reads messages out of frames. Owns a codec of the session's serializer; one thread at a time. */
final class Decoding {

    private final Agreement agreement;
    private final MessageSerializer.Codec codec;

    Decoding(Agreement agreement) {
        this.agreement = agreement;
        this.codec = agreement.serializer().codec(agreement.types());
    }

    /**
     * Returns the type of a frame's message; empty if there is none, or it is not shared.
     *
     * @param typeAt where it stands, behind a table of attachments
     */
    static Optional<Class<? extends Message>> typeOf(Agreement agreement, Frame frame, int typeAt) {
        try {
            boolean isThere = AttachmentTable.of(frame).fieldsBytes() >= typeAt + Short.BYTES;
            return isThere ? agreement.types().messageAt(numberOf(frame, typeAt)) : Optional.empty();
        } catch (IOException malformed) {
            return Optional.empty();
        }
    }

    private static int numberOf(Frame frame, int typeAt) {
        return frame.shortAt(AttachmentTable.fieldsOffset(frame) + typeAt);
    }

    /**
     * Reads a message out of a frame. Never throws. A large frame is empty behind it.
     *
     * @param typeAt where the type stands, behind a table of attachments
     * @param headBytes where the body begins, behind that table
     * @param places where attachments that came in one piece are to go
     */
    Decoded decode(Frame frame, int typeAt, int headBytes, LandingPlaces places) {
        AttachmentTable table;
        try {
            table = AttachmentTable.of(frame);
        } catch (IOException malformed) {
            return Decoded.failed(String.valueOf(malformed.getMessage()));
        }
        if (table.fieldsBytes() < headBytes) {
            return Decoded.failed("payload too short: lengthBytes=" + table.fieldsBytes());
        }
        int number = numberOf(frame, typeAt);
        Optional<Class<? extends Message>> type = agreement.types().messageAt(number);
        if (type.isEmpty()) {
            return Decoded.failed("unknown or unshared type: number=" + number);
        }
        try {
            Message message = codec.decode(type.get(), body(frame, headBytes, table, places));
            // a codec of the user's may return anything
            return Decoded.of(type.get().cast(Objects.requireNonNull(message, "the codec returned null")));
        } catch (Throwable failure) {
            return new Decoded(
                    null, agreement.types().nameOf(type.get()).orElse(null), FailureJson.textOf(failure), failure);
        }
    }

    private static MessageSerializer.Body body(
            Frame frame, int headBytes, AttachmentTable table, LandingPlaces places) {
        AttachmentsIn attachments = AttachmentsIn.of(Unpacking.attachments(frame, table, places));
        ByteBuffer body = frame.stretch(table.fieldsAt() + headBytes, table.fieldsBytes() - headBytes);
        if (frame.pieces() != null) {
            frame.letGo();
        }
        return new MessageSerializer.Body(body, attachments);
    }
}
