package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.frame.AttachmentTable;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Frame;
import dev.streamipc.frame.Kind;
import dev.streamipc.frame.LandingPlaces;
import dev.streamipc.message.Message;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.Undecodable;
import dev.streamipc.session.Work.Asked;
import dev.streamipc.session.Work.Noted;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
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
    private @Nullable Decoding decoding;
    private volatile @Nullable Decoders decoders;

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
        decoding = new Decoding(agreed);
        decoders = new Decoders(agreed);
    }

    /** Reads a frame on the thread that reads, as {@link Decoding#decode} does. */
    Decoded decode(Frame frame, int headBytes) {
        return Objects.requireNonNull(decoding).decode(frame, 0, headBytes, LandingPlaces.NONE);
    }

    /**
     * Takes the message of a PART, whose type stands behind its number; a large one is decoded by its consumer. Null if there
     * is none.
     *
     * @param undecodable told why; of a large one on the consumer's thread
     */
    @Nullable
    Arrived part(Frame frame, int numberBytes, Consumer<Decoded> undecodable) {
        Place place = new Place(numberBytes, numberBytes + TYPE_BYTES);
        return arrived(frame, place, new Undecoded(undecodable, undecodable));
    }

    /** Reads a frame on any other thread. */
    private Decoded decodeElsewhere(Frame frame, int headBytes) {
        return Objects.requireNonNull(decoders).decode(frame, 0, headBytes, LandingPlaces.NONE);
    }

    /** Reads a REPLY; attachments of one that came in one piece go where its caller wants them. */
    Decoded decodeAnswer(Frame frame, boolean onReader, LandingPlaces places) {
        return onReader
                ? Objects.requireNonNull(decoding).decode(frame, 0, TYPE_BYTES, places)
                : Objects.requireNonNull(decoders).decode(frame, 0, TYPE_BYTES, places);
    }

    /** What is told of messages that can't be decoded: at once, or when their turn has come. */
    private record Undecoded(Consumer<Decoded> atOnce, Consumer<Decoded> late) {}

    /** Where type and body stand, behind a table of attachments. */
    private record Place(int typeAt, int headBytes) {}

    /** Decodes a message, unless it is large: then only its type is looked at. Null if there is none. */
    private @Nullable Arrived arrived(Frame frame, Place place, Undecoded undecoded) {
        boolean isLarge = frame.pieces() != null;
        Optional<Class<? extends Message>> type =
                isLarge ? Decoding.typeOf(Objects.requireNonNull(agreement), frame, place.typeAt()) : Optional.empty();
        if (type.isPresent()) {
            Frame kept = frame.kept();
            return Arrived.closed(type.get(), frame.payloadLength(), () -> {
                Decoded decoded = Objects.requireNonNull(decoders)
                        .decode(kept, place.typeAt(), place.headBytes(), LandingPlaces.NONE);
                if (decoded.message() == null) {
                    undecoded.late().accept(decoded);
                }
                return decoded;
            });
        }
        Decoded decoded =
                Objects.requireNonNull(decoding).decode(frame, place.typeAt(), place.headBytes(), LandingPlaces.NONE);
        if (decoded.message() == null) {
            undecoded.atOnce().accept(decoded);
            return null;
        }
        return Arrived.of(decoded.message(), frame.payloadLength());
    }

    /**
     * Takes REQUEST.
     *
     * @return false if a request with its id is being handled: the other side broke the protocol
     */
    boolean asked(Frame frame) {
        Attempt attempt;
        try {
            attempt = (frame.flags() & Flags.ATTEMPT) == 0 ? null : Attempt.read(frame, REQUEST_HEAD_BYTES);
        } catch (IOException malformed) {
            refuseUndecodable(frame.id(), null, String.valueOf(malformed.getMessage()));
            return true;
        }
        Arrived arrived = arrivedRequest(frame, attempt);
        return arrived == null || asked(frame, new Asked(head(frame, attempt), arrived, flows(frame, arrived.type())));
    }

    private @Nullable Arrived arrivedRequest(Frame frame, @Nullable Attempt attempt) {
        long id = frame.id();
        int headBytes = REQUEST_HEAD_BYTES + (attempt == null ? 0 : attempt.lengthBytes());
        return arrived(
                frame,
                new Place(0, headBytes),
                new Undecoded(failed -> refuseUndecodable(id, failed.typeName(), failed.problem()), late -> {}));
    }

    private boolean asked(Frame frame, Asked asked) {
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

    private @Nullable PartFlows flows(Frame frame, Class<?> requestType) {
        int flags = frame.flags() & (Flags.WANT_PARTS | Flags.BRINGS_PARTS);
        if (flags == 0) {
            return null;
        }
        PartQueue<?> queue = (flags & Flags.BRINGS_PARTS) == 0
                ? null
                : new PartQueue<>(AnswerTypes.partsOf(requestType), feeds.apply(frame.id()));
        PartFlows flows = new PartFlows(queue, (flags & Flags.WANT_PARTS) == 0 ? null : new Demand());
        flows.begin();
        return flows;
    }

    private Asked.Head head(Frame frame, @Nullable Attempt attempt) {
        int timeLeftMillis = frame.intAt(AttachmentTable.fieldsOffset(frame) + TYPE_BYTES);
        long timeLeftNanos = TimeUnit.MILLISECONDS.toNanos(Integer.toUnsignedLong(timeLeftMillis));
        return new Asked.Head(
                frame.id(),
                (frame.flags() & Flags.WANT_STARTED) != 0,
                (frame.flags() & Flags.WANT_PROGRESS) != 0,
                timeLeftMillis != NO_DEADLINE,
                scheduler.nanoTime() + timeLeftNanos,
                attempt);
    }

    /** Answers a request whose payload can't be read. */
    void refuseUndecodable(long id, @Nullable String typeName, String problem) {
        refuse(id, FailureJson.undecodable(Undecodable.Subject.ARGUMENT, typeName, problem, maxFailureBytes()));
    }

    private void refuse(long id, byte[] failure) {
        outbound.control(Kind.FAILURE, id, failure);
    }

    /** Returns how many updates were left out before this one. */
    static long leftOut(Frame progress) {
        int at = AttachmentTable.fieldsOffset(progress) + TYPE_BYTES;
        boolean isMerged = (progress.flags() & Flags.MERGED) != 0
                && at + Integer.BYTES <= progress.payloadOffset() + progress.payloadLength();
        return isMerged ? Integer.toUnsignedLong(progress.intAt(at)) : 0;
    }

    /** Takes PROGRESS that somebody listens to. What can't be handed over counts as left out. */
    void progress(Frame frame, ProgressPublisher<?> publisher, boolean onReader) {
        int headBytes = (frame.flags() & Flags.MERGED) != 0 ? MERGED_HEAD_BYTES : TYPE_BYTES;
        long leftOut = leftOut(frame);
        int payloadBytes = frame.payloadLength();
        Decoded decoded = onReader ? decode(frame, headBytes) : decodeElsewhere(frame, headBytes);
        Message message = decoded.message();
        if (message != null && publisher.type().isInstance(message)) {
            publisher.take(message, payloadBytes, leftOut);
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
        Arrived arrived =
                arrived(frame, new Place(0, TYPE_BYTES), new Undecoded(this::undecodableNote, this::undecodableNote));
        if (arrived == null) {
            return;
        }
        Noted noted = new Noted(arrived);
        int pushedOut = handlers.handles(arrived.type()) ? queue.push(noted) : mailbox.push(noted);
        if (pushedOut > 0) {
            if (isFullTold.compareAndSet(false, true)) {
                SessionLog.LOG.warn("notifications are dropped: queue full; take them faster or register a handler");
            }
            dropped(pushedOut);
        }
    }

    private void undecodableNote(Decoded failed) {
        SessionLog.LOG.warn("notification not decodable: type={}, cause={}", failed.typeName(), failed.problem());
        dropped(1);
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
