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

    /** Returns the type of a frame's message, which stands first of all; empty if there is none, or it is not shared. */
    static Optional<Class<? extends Message>> typeOf(Agreement agreement, Frame frame) {
        try {
            boolean isThere = AttachmentTable.of(frame).fieldsBytes() >= Short.BYTES;
            return isThere ? agreement.types().messageAt(numberOf(frame)) : Optional.empty();
        } catch (IOException malformed) {
            return Optional.empty();
        }
    }

    private static int numberOf(Frame frame) {
        return ByteBuffer.wrap(frame.payload()).getShort(AttachmentTable.fieldsOffset(frame)) & 0xFFFF;
    }

    /**
     * Reads type and body of a frame, from {@code headBytes} behind its beginning on. Never throws. A large
     * frame is empty behind it.
     */
    Decoded decode(Frame frame, int headBytes) {
        return decode(frame, headBytes, LandingPlaces.NONE);
    }

    /**
     * The same.
     *
     * @param places where attachments that came in one piece are to go
     */
    Decoded decode(Frame frame, int headBytes, LandingPlaces places) {
        AttachmentTable table;
        try {
            table = AttachmentTable.of(frame);
        } catch (IOException malformed) {
            return Decoded.failed(String.valueOf(malformed.getMessage()));
        }
        if (table.fieldsBytes() < headBytes) {
            return Decoded.failed("payload too short: lengthBytes=" + table.fieldsBytes());
        }
        Optional<Class<? extends Message>> type = typeOf(agreement, frame);
        if (type.isEmpty()) {
            return Decoded.failed("unknown or unshared type: number=" + numberOf(frame));
        }
        try {
            Message message = codec.decode(type.get(), body(frame, headBytes, table, places));
            // a codec of the user's may return anything
            return new Decoded(
                    type.get().cast(Objects.requireNonNull(message, "the codec returned null")), null, "", null);
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
        return new MessageSerializer.Body(
                body.array(), body.arrayOffset() + body.position(), body.remaining(), attachments);
    }
}
