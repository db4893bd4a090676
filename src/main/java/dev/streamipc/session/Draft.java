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
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A frame with a message in it, while it is made. Owns an encoder of the session's serializer; one thread at a time. */
final class Draft {

    private static final int MAX_CAUSES = 10;

    private final FrameBuffer buffer = new FrameBuffer();
    private final Attached attached;
    private @Nullable LargeFrame large;
    private final FrameEncoder encoder;
    private final boolean payloadCrc;
    private final Agreement agreement;
    private final MessageSerializer.Codec codec;

    Draft(FrameEncoder encoder, boolean payloadCrc, Agreement agreement) {
        this.encoder = encoder;
        this.payloadCrc = payloadCrc;
        this.agreement = agreement;
        this.attached = noneAttached(agreement);
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
    int request(Message message, PendingCall<?> call, int flags, int timeLeftMillis) {
        Attempt attempt = told(call.attempt);
        try {
            requireStreams(flags);
            start(message);
            buffer.writeInt(timeLeftMillis);
            if (attempt != null) {
                attempt.writeTo(buffer);
            }
            codec.encode(message, buffer, attached);
            return seal(Kind.REQUEST, attempt == null ? flags : flags | Flags.ATTEMPT, call.id);
        } catch (Throwable failure) {
            throw asArgument(message, failure);
        } finally {
            attached.clear();
        }
    }

    private @Nullable Attempt told(@Nullable Attempt attempt) {
        return attempt != null && agreement.features().contains(Feature.ATTEMPTS) ? attempt : null;
    }

    /** Makes a NOTIFY. Otherwise like {@link #request}. */
    int note(Message message) {
        try {
            start(message);
            codec.encode(message, buffer, attached);
            return seal(Kind.NOTIFY, 0, 0);
        } catch (Throwable failure) {
            throw asArgument(message, failure);
        } finally {
            attached.clear();
        }
    }

    /** Makes a REPLY; what hinders it is an {@link Undecodable} ANSWER. */
    int reply(Message message, long id) {
        try {
            start(message);
            codec.encode(message, buffer, attached);
            return seal(Kind.REPLY, 0, id);
        } catch (Throwable failure) {
            throw new Undecodable(Subject.ANSWER, Side.HERE, nameOf(message), textOf(failure), failure);
        } finally {
            attached.clear();
        }
    }

    /** Makes a PART. Otherwise like {@link #request}. */
    int part(Message message, long id, long number) {
        try {
            start(message, number);
            codec.encode(message, buffer, attached);
            return seal(Kind.PART, 0, id);
        } catch (Throwable failure) {
            throw asArgument(message, failure);
        } finally {
            attached.clear();
        }
    }

    /** Encodes an update, of which a PROGRESS is made when it leaves. */
    Update update(Message message) {
        Attached own = noneAttached(agreement);
        try {
            start(message);
            buffer.writeInt(0);
            codec.encode(message, buffer, own);
            buffer.requireRoom(own.lengthBytes());
            int endBytes = FrameHeader.LENGTH_BYTES + buffer.payloadBytes();
            return new Update(Arrays.copyOf(buffer.array(), endBytes), own);
        } catch (Throwable failure) {
            throw asArgument(message, failure);
        }
    }

    private static Attached noneAttached(Agreement agreement) {
        return new Attached(
                agreement.otherMaxPayloadBytes(), agreement.features().contains(Feature.ATTACHMENTS));
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
        large = null;
        int number = agreement.types().numberOf(message.getClass());
        if (number < 0) {
            throw new Rejected(Rejected.Reason.NOT_REGISTERED, agreement.types().whyNotShared(message.getClass()));
        }
        return number;
    }

    /** Takes the frame that was made, if it is to leave in chunks. */
    @Nullable
    LargeFrame takeLarge() {
        LargeFrame taken = large;
        large = null;
        return taken;
    }

    private int seal(Kind kind, int flags, long id) throws IOException {
        buffer.requireRoom(attached.lengthBytes());
        int payloadBytes = buffer.payloadBytes() + (int) attached.lengthBytes();
        int allFlags = flags | attached.flag();
        if (agreement.isLarge(payloadBytes)) {
            // chunks have a checksum each
            List<ByteBuffer> pieces = attached.around(buffer.detach());
            encoder.seal(pieces.get(0).array(), payloadBytes, kind.with(allFlags), id);
            large = new LargeFrame(pieces);
            return large.length();
        }
        if (!attached.isEmpty()) {
            buffer.join(attached.around(buffer.detach()));
        }
        return encoder.seal(
                buffer.array(), payloadBytes, kind.with(allFlags | (payloadCrc ? Flags.PAYLOAD_CRC : 0)), id);
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
