package dev.streamipc.session;

import dev.streamipc.frame.Flags;
import dev.streamipc.frame.FrameEncoder;
import dev.streamipc.frame.FrameHeader;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Everything that leaves: encodes outside the lock, appends, and sees to it that it is written. For all threads. */
final class Outbound {

    private static final int SPARE_DRAFTS = 8;
    /** What others may wait for. */
    private static final int SMALL_PART_BYTES = 4_096;

    private static final byte[] NOTHING = {};

    private final FrameEncoder encoder;
    private final Outbox outbox;
    private final Writer writer;
    private final boolean payloadCrc;
    private final IntSupplier callsInFlight;
    private final AtomicReferenceArray<@Nullable Draft> spares = new AtomicReferenceArray<>(SPARE_DRAFTS);
    private final AtomicLong droppedRejections = new AtomicLong();
    private volatile @Nullable Agreement agreement;

    /** What is needed to send. */
    record Parts(FrameEncoder encoder, Outbox outbox, Writer writer) {}

    Outbound(Parts parts, boolean payloadCrc, IntSupplier callsInFlight) {
        this.encoder = parts.encoder();
        this.outbox = parts.outbox();
        this.writer = parts.writer();
        this.payloadCrc = payloadCrc;
        this.callsInFlight = callsInFlight;
    }

    /** From now on messages can be encoded. */
    void agreed(Agreement agreed) {
        agreement = agreed;
    }

    /** Sends HELLO, READY or PONG, which need not wait for the other side's READY. */
    void opening(Kind kind, long id, byte[] payload) {
        byte[] frame = frame(kind, id, payload);
        writer.after(outbox.appendEarly(frame, frame.length));
    }

    /** Sends GOODBYE behind everything that is still to go. */
    void goodbye(byte[] payload) {
        byte[] frame = frame(Kind.GOODBYE, 0, payload);
        writer.after(outbox.appendLast(frame, frame.length));
    }

    /**
     * Sends PING.
     *
     * @return false if there is no room for it
     */
    boolean ping(long id, Passage passage) {
        byte[] frame = frame(Kind.PING, id, NOTHING);
        Next next = outbox.append(frame, frame.length, passage, Send.CONTROL);
        writer.after(next);
        return next != Next.FULL;
    }

    /**
     * Sends a control frame that belongs to a call, from any thread.
     *
     * @return false if it was dropped because the bound for control frames is reached
     */
    boolean control(Kind kind, long id, byte[] payload) {
        boolean taken = append(kind, id, payload, Send.CONTROL) != Next.FULL;
        if (!taken && kind == Kind.FAILURE) {
            droppedRejections.incrementAndGet();
        }
        return taken;
    }

    /** Returns how many refusals of requests found no room. */
    long droppedRejections() {
        return droppedRejections.get();
    }

    /** Sends FAILURE or STARTED from the thread that handles the call. */
    Next answerFrame(Kind kind, long id, byte[] payload) {
        return append(kind, id, payload, kind == Kind.STARTED ? Send.STARTED : Send.ANSWER);
    }

    /** Tells that an answer found no room and waits for some, or that this is over: until then no call is taken. */
    void answerWaits(boolean waits) {
        if (waits) {
            outbox.waits().answerWaits();
        } else {
            outbox.waits().answerHasRoom();
        }
    }

    /** Returns how many bytes will have left with all that was sent, 0 if nobody reads them without our help. */
    long endBytes() {
        return outbox.waits().endBytes();
    }

    /** Returns whether so many bytes have left, or nothing leaves any more. */
    boolean isGone(long bytes) {
        return outbox.waits().isGone(bytes);
    }

    /** Returns whether it is worth the while to send an answer again that found no room. */
    boolean hasRoom() {
        return outbox.waits().hasRoom();
    }

    /** Encodes an update as {@link Draft#update} has it, so that it may wait for room. */
    Update encodeProgress(Message message) {
        Draft draft = take();
        Update update = draft.update(message);
        spares.lazySet(slot(), draft);
        return update;
    }

    /** Appends PROGRESS and no more: who holds a lock gives what it returns to {@link #after} when it does not. */
    Next progress(long id, int leftOut, Update update, Send how) {
        List<ByteBuffer> pieces = update.pieces(leftOut);
        LargeFrame frame = new LargeFrame(pieces);
        int payloadBytes = frame.length() - FrameHeader.LENGTH_BYTES;
        int flags = (leftOut == 0 ? 0 : Flags.MERGED) | update.flag();
        if (Objects.requireNonNull(agreement).isLarge(payloadBytes)) {
            encoder.seal(pieces.get(0).array(), payloadBytes, Kind.PROGRESS.with(flags), id);
            return outbox.appendLarge(frame, null, how);
        }
        byte[] joined = new byte[frame.length() + FrameHeader.CRC_LENGTH_BYTES];
        frame.moveTo(joined, 0, frame.length());
        int word = Kind.PROGRESS.with(payloadCrc ? flags | Flags.PAYLOAD_CRC : flags);
        return outbox.append(joined, encoder.seal(joined, payloadBytes, word, id), null, how);
    }

    /** Does what an append asked for. */
    void after(Next next) {
        writer.after(next);
    }

    private Next append(Kind kind, long id, byte[] payload, Send how) {
        byte[] frame = frame(kind, id, payload);
        Next next = outbox.append(frame, frame.length, null, how);
        writer.after(next);
        return next;
    }

    private byte[] frame(Kind kind, long id, byte[] payload) {
        return frame(kind, 0, id, payload);
    }

    private byte[] frame(Kind kind, int flags, long id, byte[] payload) {
        boolean crc = kind == Kind.HELLO || (payloadCrc && payload.length > 0);
        int crcBytes = crc ? FrameHeader.CRC_LENGTH_BYTES : 0;
        byte[] frame = new byte[FrameHeader.LENGTH_BYTES + payload.length + crcBytes];
        System.arraycopy(payload, 0, frame, FrameHeader.LENGTH_BYTES, payload.length);
        encoder.seal(frame, payload.length, kind.with(crc ? flags | Flags.PAYLOAD_CRC : flags), id);
        return frame;
    }

    /**
     * Sends a request.
     *
     * @param timeLeftMillis 32 bits
     * @return {@link Next#FULL}, {@link Next#WITHDRAWN}, or anything else if it was appended
     * @throws IpcFailure if it can't be encoded
     */
    Next request(PendingCall<?> call, Message message, int flags, int timeLeftMillis) {
        if (outbox.isFull()) {
            return Next.FULL;
        }
        Draft draft = take();
        int length = draft.request(message, call, flags, timeLeftMillis);
        return send(draft, length, call, Send.call(callsInFlight.getAsInt()));
    }

    /** Sends a notification. Otherwise like {@link #request}. */
    Next note(Message message) {
        if (outbox.isFull()) {
            return Next.FULL;
        }
        Draft draft = take();
        return send(draft, draft.note(message), null, Send.NOTE);
    }

    /**
     * Sends a reply.
     *
     * @throws IpcFailure if it can't be encoded or is over the other side's limit
     */
    Next reply(Message message, long id) {
        Draft draft = take();
        return send(draft, draft.reply(message, id), null, Send.ANSWER);
    }

    /**
     * Sends a part of a stream.
     *
     * @throws IpcFailure if it can't be encoded
     */
    Next part(Message message, long id, long number) {
        if (outbox.isFull()) {
            return Next.FULL;
        }
        Draft draft = take();
        int length = draft.part(message, id, number);
        return send(draft, length, null, length > SMALL_PART_BYTES ? Send.PART : Send.SMALL_PART);
    }

    /** Ends a stream of so many parts. */
    Next lastPart(long id, long count, Send how) {
        byte[] payload = ByteBuffer.allocate(Long.BYTES).putLong(count).array();
        byte[] frame = frame(Kind.PART, Flags.LAST_PART, id, payload);
        Next next = outbox.append(frame, frame.length, null, how);
        writer.after(next);
        return next;
    }

    private Next send(Draft draft, int length, @Nullable Passage passage, Send how) {
        LargeFrame large = draft.takeLarge();
        Next next = large != null
                ? outbox.appendLarge(large, passage, how)
                : outbox.append(draft.array(), length, passage, how);
        spares.lazySet(slot(), draft);
        writer.after(next);
        return next;
    }

    private Draft take() {
        Draft spare = spares.getAndSet(slot(), null);
        if (spare != null) {
            return spare;
        }
        Agreement agreed = agreement;
        if (agreed == null) {
            throw new IllegalStateException("message before the hello of the other side");
        }
        return new Draft(encoder, payloadCrc, agreed);
    }

    private static int slot() {
        return (int) Thread.currentThread().getId() & (SPARE_DRAFTS - 1);
    }
}
