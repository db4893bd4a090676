package dev.streamipc.session;

import dev.streamipc.frame.Frame;
import dev.streamipc.message.Message;
import dev.streamipc.serial.MessageSerializer;
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
        return frame.payloadLength() < Short.BYTES ? Optional.empty() : agreement.types().messageAt(numberOf(frame));
    }

    private static int numberOf(Frame frame) {
        return ByteBuffer.wrap(frame.payload()).getShort(frame.payloadOffset()) & 0xFFFF;
    }

    /**
     * Reads type and body of a frame, from {@code headBytes} behind its beginning on. Never throws. A large
     * frame is empty behind it.
     */
    Decoded decode(Frame frame, int headBytes) {
        int bodyBytes = frame.payloadLength() - headBytes;
        if (bodyBytes < 0) {
            return Decoded.failed("payload too short: lengthBytes=" + frame.payloadLength());
        }
        Optional<Class<? extends Message>> type = typeOf(agreement, frame);
        if (type.isEmpty()) {
            return Decoded.failed("unknown or unshared type: number=" + numberOf(frame));
        }
        try {
            ByteBuffer body = frame.stretch(headBytes, bodyBytes);
            if (frame.pieces() != null) {
                frame.letGo();
            }
            Message message =
                    codec.decode(type.get(), body.array(), body.arrayOffset() + body.position(), body.remaining());
            // a codec of the user's may return anything
            return new Decoded(
                    type.get().cast(Objects.requireNonNull(message, "the codec returned null")), null, "", null);
        } catch (Throwable failure) {
            return new Decoded(
                    null, agreement.types().nameOf(type.get()).orElse(null), FailureJson.textOf(failure), failure);
        }
    }
}
