package dev.streamipc.session;

import dev.streamipc.message.Message;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How one call is made. Immutable.
 *
 * @param deadline the time from now until the call ends at the latest; null for the peer's default. Inside a handler the call
 *     gets no more than the rest of the time of the request that is handled
 * @param whenFull what to do if there is no room to send; null for the peer's default
 * @param tellStarted whether the other side is to say when the handler is entered, so that a failure can tell RUNNING
 *     from SENT; costs a small frame
 * @param progress makes, for each call, what takes its progress; null if nobody listens. The methods {@link #onProgress} and
 *     {@link #progressTo} set it
 * @param attachmentsInto memory for the attachments of the answer; null if memory is to be taken for them
 */
public record CallOptions(
        @Nullable Duration deadline,
        @Nullable WhenFull whenFull,
        boolean tellStarted,
        @Nullable Supplier<? extends ProgressPublisher<?>> progress,
        @Nullable ByteBuffer attachmentsInto) {

    /** The longest deadline: 24 hours. */
    public static final Duration MAX_DEADLINE = Duration.ofHours(24);

    /** The peer's defaults, no word of the start, and nobody listens to progress. */
    public static final CallOptions DEFAULT = new CallOptions(null, null, false, null, null);

    /** Checks the deadline. */
    public CallOptions {
        if (deadline != null && (deadline.isNegative() || deadline.isZero() || deadline.compareTo(MAX_DEADLINE) > 0)) {
            throw new IllegalArgumentException(
                    "deadline out of range: deadlineMs=" + TimeUnit.MILLISECONDS.convert(deadline) + ", maxMs="
                            + MAX_DEADLINE.toMillis() + "; give more than zero and at most a day");
        }
    }

    /**
     * Returns options with a deadline.
     *
     * @param deadline more than zero, at most {@link #MAX_DEADLINE}
     * @return the options
     * @throws IllegalArgumentException if it is out of range
     */
    public static CallOptions deadline(Duration deadline) {
        return new CallOptions(deadline, null, false, null, null);
    }

    /**
     * Returns the same options, with word of the start.
     *
     * @return the options
     */
    public CallOptions tellingStarted() {
        return new CallOptions(deadline, whenFull, true, progress, attachmentsInto);
    }

    /**
     * Returns the same options with another policy for a full queue.
     *
     * @param policy refuse at once, or wait for room
     * @return the options
     */
    public CallOptions whenFull(WhenFull policy) {
        return new CallOptions(deadline, policy, tellStarted, progress, attachmentsInto);
    }

    /**
     * Returns the same options, with a callback for the progress of each call that is made with them. It runs on the
     * callback executor, in order, one update at a time and none after the outcome: the call completes behind its last
     * update, but by its deadline, a cancel or a second after the session's end at the latest. Updates that come faster than they are taken are left out, the oldest first,
     * as {@link ProgressPublisher} says.
     *
     * @param <P> the type of the updates
     * @param type the type of the updates, or a sealed interface of several; updates of other types are logged and dropped
     * @param callback must not block for long; what it throws is logged
     * @return the options
     */
    public <P extends Message> CallOptions onProgress(Class<P> type, Consumer<? super Progress<P>> callback) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(callback, "callback");
        Supplier<ProgressPublisher<P>> made = () -> {
            ProgressPublisher<P> publisher = new ProgressPublisher<>(type);
            publisher.subscribe(new ProgressCallback<>(callback));
            return publisher;
        };
        return new CallOptions(deadline, whenFull, tellStarted, made, attachmentsInto);
    }

    /**
     * Returns the same options, with a publisher of the progress of the one call that is made with them. The second call
     * throws {@link IllegalStateException}.
     *
     * @param publisher new, of no other call
     * @return the options
     */
    public CallOptions progressTo(ProgressPublisher<?> publisher) {
        Objects.requireNonNull(publisher, "publisher");
        return new CallOptions(deadline, whenFull, tellStarted, () -> publisher, attachmentsInto);
    }

    /**
     * Returns the same options, with memory for the attachments of the answer: they are put there one behind the other as they
     * come in, and the answer's {@link dev.streamipc.message.Attachment}s are views of it. If they do not fit, memory is taken for
     * them as without this. Until the call has ended the memory belongs to the session; from then on nothing is written
     * there any more, however the call has ended. So it may serve one call after the other, and no two at a time; what an
     * earlier answer holds changes with it.
     *
     * @param memory on the heap or direct, used from its position to its limit, which stay as they are
     * @return the options
     * @throws IllegalArgumentException if it is read-only
     */
    public CallOptions attachmentsInto(ByteBuffer memory) {
        if (memory.isReadOnly()) {
            throw new IllegalArgumentException(
                    "memory for attachments is read-only; give a buffer that can be written");
        }
        return new CallOptions(deadline, whenFull, tellStarted, progress, memory);
    }
}
