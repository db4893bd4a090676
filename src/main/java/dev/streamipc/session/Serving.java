package dev.streamipc.session;

import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Frame;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.Message;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.Undecodable;
import dev.streamipc.serial.MessageSerializer;
import dev.streamipc.session.Work.Asked;
import dev.streamipc.session.Work.Noted;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Takes the other side's requests and notifications in, on the thread that reads: decodes them and queues them. */
final class Serving {

    private static final int TYPE_BYTES = Short.BYTES;
    private static final int REQUEST_HEAD_BYTES = TYPE_BYTES + Integer.BYTES;
    private static final int MERGED_HEAD_BYTES = TYPE_BYTES + Integer.BYTES;
    private static final int NO_DEADLINE = -1;

    private final Scheduler scheduler;
    private final Handlers handlers;
    private final InboundCalls calls;
    private final WorkQueue queue;
    private final Mailbox mailbox;
    private final Outbound outbound;
    private final Observers observers;
    private final LongFunction<PartQueue.Feed> feeds;
    private final AtomicLong droppedNotes = new AtomicLong();
    private final AtomicBoolean isFullTold = new AtomicBoolean();
    private volatile @Nullable Agreement agreement;
    private MessageSerializer.@Nullable Codec codec;

    /** What serving needs of its session. */
    record Parts(
            Handlers handlers,
            InboundCalls calls,
            WorkQueue queue,
            Mailbox mailbox,
            Outbound outbound,
            Observers observers,
            LongFunction<PartQueue.Feed> feeds) {}

    Serving(Scheduler scheduler, Parts parts) {
        this.scheduler = scheduler;
        this.handlers = parts.handlers();
        this.calls = parts.calls();
        this.queue = parts.queue();
        this.mailbox = parts.mailbox();
        this.outbound = parts.outbound();
        this.observers = parts.observers();
        this.feeds = parts.feeds();
    }

    /** From now on messages can be decoded. */
    void agreed(Agreement agreed) {
        agreement = agreed;
        codec = agreed.serializer().codec(agreed.types());
    }

    /** A message, or why there is none. */
    record Decoded(
            @Nullable Message message,
            @Nullable String typeName,
            String problem,
            @Nullable Throwable cause) {}

    /** Reads type and body of a frame; the body begins {@code headBytes} behind the payload's start. Never throws. */
    Decoded decode(Frame frame, int headBytes) {
        return decode(frame, 0, headBytes);
    }

    /** The same of a PART, whose type stands behind its number. */
    Decoded decodePart(Frame frame, int numberBytes) {
        return decode(frame, numberBytes, numberBytes + TYPE_BYTES);
    }

    private Decoded decode(Frame frame, int typeAt, int headBytes) {
        int bodyBytes = frame.payloadLength() - headBytes;
        if (bodyBytes < 0) {
            return new Decoded(null, null, "payload too short: lengthBytes=" + frame.payloadLength(), null);
        }
        int number = ByteBuffer.wrap(frame.payload()).getShort(frame.payloadOffset() + typeAt) & 0xFFFF;
        Agreement agreed = Objects.requireNonNull(agreement);
        Optional<Class<? extends Message>> type = agreed.types().messageAt(number);
        if (type.isEmpty()) {
            return new Decoded(null, null, "unknown or unshared type: number=" + number, null);
        }
        try {
            Message message = Objects.requireNonNull(codec)
                    .decode(type.get(), frame.payload(), frame.payloadOffset() + headBytes, bodyBytes);
            // a codec of the user's may return anything
            return new Decoded(
                    type.get().cast(Objects.requireNonNull(message, "the codec returned null")), null, "", null);
        } catch (Throwable failure) {
            return new Decoded(
                    null, agreed.types().nameOf(type.get()).orElse(null), FailureJson.textOf(failure), failure);
        }
    }

    Decoded decodeAnswer(Frame frame) {
        return decode(frame, TYPE_BYTES);
    }

    /**
     * Takes REQUEST.
     *
     * @return false if a request with its id is being handled: the other side broke the protocol
     */
    boolean asked(Frame frame) {
        Decoded decoded = decode(frame, REQUEST_HEAD_BYTES);
        Message message = decoded.message();
        if (message == null) {
            refuseUndecodable(frame.id(), decoded.typeName(), decoded.problem());
            return true;
        }
        Asked asked = new Asked(head(frame), message, frame.payloadLength(), flows(frame, message));
        if (!calls.arrive(asked)) {
            return false;
        }
        if (!queue.offer(asked)) {
            calls.forget(asked);
            refuse(
                    frame.id(),
                    FailureJson.rejected(
                            Rejected.Reason.QUEUE_FULL, "queue=inbound; ask less at once", maxFailureBytes()));
        }
        return true;
    }

    private @Nullable PartFlows flows(Frame frame, Message request) {
        int flags = frame.flags() & (Flags.WANT_PARTS | Flags.BRINGS_PARTS);
        if (flags == 0) {
            return null;
        }
        PartQueue<?> queue = (flags & Flags.BRINGS_PARTS) == 0
                ? null
                : new PartQueue<>(AnswerTypes.partsOf(request.getClass()), feeds.apply(frame.id()));
        PartFlows flows = new PartFlows(queue, (flags & Flags.WANT_PARTS) == 0 ? null : new Demand());
        flows.begin();
        return flows;
    }

    private Asked.Head head(Frame frame) {
        int timeLeftMillis = ByteBuffer.wrap(frame.payload()).getInt(frame.payloadOffset() + TYPE_BYTES);
        long timeLeftNanos = TimeUnit.MILLISECONDS.toNanos(Integer.toUnsignedLong(timeLeftMillis));
        return new Asked.Head(
                frame.id(),
                (frame.flags() & Flags.WANT_STARTED) != 0,
                (frame.flags() & Flags.WANT_PROGRESS) != 0,
                timeLeftMillis != NO_DEADLINE,
                scheduler.nanoTime() + timeLeftNanos);
    }

    /** Answers a request whose payload can't be read. */
    void refuseUndecodable(long id, @Nullable String typeName, String problem) {
        refuse(id, FailureJson.undecodable(Undecodable.Subject.ARGUMENT, typeName, problem, maxFailureBytes()));
    }

    private void refuse(long id, byte[] failure) {
        outbound.control(Kind.FAILURE, id, failure);
    }

    /** Takes PROGRESS that somebody listens to. What can't be handed over counts as left out. */
    void progress(Frame frame, ProgressPublisher<?> publisher) {
        boolean isMerged = (frame.flags() & Flags.MERGED) != 0;
        Decoded decoded = decode(frame, isMerged ? MERGED_HEAD_BYTES : TYPE_BYTES);
        Message message = decoded.message();
        long leftOut = isMerged && frame.payloadLength() >= MERGED_HEAD_BYTES
                ? Integer.toUnsignedLong(ByteBuffer.wrap(frame.payload()).getInt(frame.payloadOffset() + TYPE_BYTES))
                : 0;
        if (message != null && publisher.type().isInstance(message)) {
            publisher.take(message, frame.payloadLength(), leftOut);
            return;
        }
        SessionLog.LOG.warn(
                "progress not taken: requestId={}, type={}, cause={}",
                Long.toHexString(frame.id()),
                message == null ? decoded.typeName() : message.getClass().getName(),
                message == null
                        ? decoded.problem()
                        : "expected " + publisher.type().getName());
        publisher.skip(leftOut + 1);
    }

    /** Takes NOTIFY. */
    void noted(Frame frame) {
        Decoded decoded = decode(frame, TYPE_BYTES);
        Message message = decoded.message();
        if (message == null) {
            SessionLog.LOG.warn("notification not decodable: type={}, cause={}", decoded.typeName(), decoded.problem());
            dropped(1);
            return;
        }
        Noted noted = new Noted(message, frame.payloadLength());
        int pushedOut = handlers.handles(message.getClass()) ? queue.push(noted) : mailbox.push(noted);
        if (pushedOut > 0) {
            if (isFullTold.compareAndSet(false, true)) {
                SessionLog.LOG.warn("notifications are dropped: queue full; take them faster or register a handler");
            }
            dropped(pushedOut);
        }
    }

    private void dropped(int more) {
        observers.tell(new SessionEvent.Dropped(droppedNotes.addAndGet(more)));
    }

    /** Returns how many notifications nobody got. */
    long droppedNotes() {
        return droppedNotes.get();
    }

    /** Returns how long a FAILURE may be for the other side. */
    int maxFailureBytes() {
        Agreement agreed = agreement;
        return agreed == null ? Limits.LEAST_MAX_PAYLOAD_BYTES : agreed.otherMaxPayloadBytes();
    }
}
