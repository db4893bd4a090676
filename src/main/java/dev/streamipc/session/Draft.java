package dev.streamipc.session;

import dev.streamipc.frame.Feature;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.FrameEncoder;
import dev.streamipc.frame.FrameHeader;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.Undecodable;
import dev.streamipc.message.Undecodable.Side;
import dev.streamipc.message.Undecodable.Subject;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.serial.PayloadTooLarge;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A frame with a message in it, while it is made. Owns an encoder of the session's serializer; one thread at a time. */
final class Draft {

    private static final int MAX_CAUSES = 10;

    private final FrameBuffer buffer = new FrameBuffer();
    private final FrameEncoder encoder;
    private final boolean payloadCrc;
    private final Agreement agreement;
    private final MessageSerializer.Codec codec;

    Draft(FrameEncoder encoder, boolean payloadCrc, Agreement agreement) {
        this.encoder = encoder;
        this.payloadCrc = payloadCrc;
        this.agreement = agreement;
        this.codec = agreement.serializer().codec(agreement.types());
    }

    /** Returns the array that holds the frame from index 0. Valid until the draft is used again. */
    byte[] array() {
        return buffer.array();
    }

    /**
     * Makes a REQUEST.
     *
     * @param timeLeftMillis 32 bits
     * @return the frame's length in bytes
     * @throws IpcFailure if the message can't be sent
     */
    int request(Message message, long id, int flags, int timeLeftMillis) {
        try {
            requireStreams(flags);
            start(message);
            buffer.writeInt(timeLeftMillis);
            codec.encode(message, buffer);
            return seal(Kind.REQUEST, flags, id);
        } catch (Throwable failure) {
            throw asArgument(message, failure);
        }
    }

    /** Makes a NOTIFY. Otherwise like {@link #request}. */
    int note(Message message) {
        try {
            start(message);
            codec.encode(message, buffer);
            return seal(Kind.NOTIFY, 0, 0);
        } catch (Throwable failure) {
            throw asArgument(message, failure);
        }
    }

    /** Makes a REPLY; what hinders it is an {@link Undecodable} ANSWER. */
    int reply(Message message, long id) {
        try {
            start(message);
            codec.encode(message, buffer);
            return seal(Kind.REPLY, 0, id);
        } catch (Throwable failure) {
            throw new Undecodable(Subject.ANSWER, Side.HERE, nameOf(message), textOf(failure), failure);
        }
    }

    /** Makes a PART. Otherwise like {@link #request}. */
    int part(Message message, long id, long number) {
        try {
            start(message, number);
            codec.encode(message, buffer);
            return seal(Kind.PART, 0, id);
        } catch (Throwable failure) {
            throw asArgument(message, failure);
        }
    }

    /** Makes the payload of a PROGRESS as if updates had been left out: type, room for their number, body. */
    byte[] progress(Message message) {
        try {
            start(message);
            buffer.writeInt(0);
            codec.encode(message, buffer);
            int endBytes = FrameHeader.LENGTH_BYTES + buffer.payloadBytes();
            return Arrays.copyOfRange(buffer.array(), FrameHeader.LENGTH_BYTES, endBytes);
        } catch (Throwable failure) {
            throw asArgument(message, failure);
        }
    }

    private void requireStreams(int flags) {
        boolean streams = (flags & (Flags.WANT_PARTS | Flags.BRINGS_PARTS)) != 0;
        if (streams && !agreement.features().contains(Feature.STREAMS)) {
            throw new Rejected(
                    Rejected.Reason.UNHANDLED,
                    "streams of parts are unknown to the other side: name="
                            + agreement.other().name());
        }
    }

    private void start(Message message) throws IOException {
        int type = typeOf(message);
        buffer.reset(agreement.otherMaxPayloadBytes());
        buffer.writeShort(type);
    }

    private void start(Message part, long number) throws IOException {
        int type = typeOf(part);
        buffer.reset(agreement.otherMaxPayloadBytes());
        buffer.writeInt((int) (number >>> Integer.SIZE));
        buffer.writeInt((int) number);
        buffer.writeShort(type);
    }

    private int typeOf(Message message) {
        int number = agreement.types().numberOf(message.getClass());
        if (number < 0) {
            throw new Rejected(Rejected.Reason.NOT_REGISTERED, agreement.types().whyNotShared(message.getClass()));
        }
        return number;
    }

    /** Returns whether the frame is to leave in chunks. */
    boolean isLarge() {
        return agreement.isLarge(buffer.payloadBytes());
    }

    /** Hands the array over to who keeps it: this draft takes another. */
    byte[] detach() {
        return buffer.detach();
    }

    private int seal(Kind kind, int flags, long id) {
        // chunks have a checksum each
        boolean crc = payloadCrc && !isLarge();
        int allFlags = crc ? flags | Flags.PAYLOAD_CRC : flags;
        return encoder.seal(buffer.array(), buffer.payloadBytes(), kind.with(allFlags), id);
    }

    private IpcFailure asArgument(Message message, Throwable failure) {
        if (failure instanceof Rejected rejected) {
            return rejected;
        }
        PayloadTooLarge tooLarge = tooLarge(failure);
        if (tooLarge != null) {
            return new Rejected(Rejected.Reason.TOO_LARGE, "type=" + nameOf(message) + ", " + tooLarge.getMessage());
        }
        return new Undecodable(Subject.ARGUMENT, Side.HERE, nameOf(message), textOf(failure), failure);
    }

    private static @Nullable PayloadTooLarge tooLarge(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (cause instanceof PayloadTooLarge found) {
                return found;
            }
            cause = cause.getCause();
        }
        return null;
    }

    private static String textOf(Throwable failure) {
        PayloadTooLarge tooLarge = tooLarge(failure);
        return tooLarge != null ? String.valueOf(tooLarge.getMessage()) : FailureJson.textOf(failure);
    }

    private String nameOf(Message message) {
        return agreement
                .types()
                .nameOf(message.getClass())
                .orElse(message.getClass().getName());
    }
}
