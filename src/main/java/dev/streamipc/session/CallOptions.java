package dev.streamipc.session;

import dev.streamipc.message.Message;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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
 * @param attempt which attempt at its work the call is: 1 to {@link #MAX_ATTEMPT}
 * @param key what all attempts at that work have in common: 1 to {@link #MAX_KEY_BYTES} bytes of UTF-8; null if nothing is said
 */
public record CallOptions(
        @Nullable Duration deadline,
        @Nullable WhenFull whenFull,
        boolean tellStarted,
        @Nullable Supplier<? extends ProgressPublisher<?>> progress,
        @Nullable ByteBuffer attachmentsInto,
        int attempt,
        @Nullable String key) {

    /** The longest deadline: 24 hours. */
    public static final Duration MAX_DEADLINE = Duration.ofHours(24);

    /** The highest number of an attempt. */
    public static final int MAX_ATTEMPT = 65_535;

    /** The longest key of an attempt, in bytes of UTF-8. */
    public static final int MAX_KEY_BYTES = 1_024;

    /** The peer's defaults, no word of the start, nobody listens to progress, and the first attempt, without a key. */
    public static final CallOptions DEFAULT = new CallOptions(null, null, false, null, null, 1, null);

    /** Checks the deadline, the attempt and its key. */
    public CallOptions {
        if (deadline != null && (deadline.isNegative() || deadline.isZero() || deadline.compareTo(MAX_DEADLINE) > 0)) {
            throw new IllegalArgumentException(
                    "deadline out of range: deadlineMs=" + TimeUnit.MILLISECONDS.convert(deadline) + ", maxMs="
                            + MAX_DEADLINE.toMillis() + "; give more than zero and at most a day");
        }
        if (attempt < 1 || attempt > MAX_ATTEMPT) {
            throw new IllegalArgumentException(
                    "attempt out of range: attempt=" + attempt + ", max=" + MAX_ATTEMPT + "; count from 1");
        }
        int keyBytes = key == null ? 1 : keyBytes(key);
        if (keyBytes < 1 || keyBytes > MAX_KEY_BYTES) {
            throw new IllegalArgumentException("key of an attempt out of range: keyBytes=" + keyBytes + ", max="
                    + MAX_KEY_BYTES + "; give a short text, such as an id");
        }
    }

    private static int keyBytes(String key) {
        try {
            return StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(key))
                    .remaining();
        } catch (CharacterCodingException halfPair) {
            throw new IllegalArgumentException(
                    "key of an attempt has half a surrogate pair: keyChars=" + key.length() + "; give whole characters",
                    halfPair);
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
        return new CallOptions(deadline, null, false, null, null, 1, null);
    }

    /**
     * Returns the same options, with word of the start.
     *
     * @return the options
     */
    public CallOptions tellingStarted() {
        return new CallOptions(deadline, whenFull, true, progress, attachmentsInto, attempt, key);
    }

    /**
     * Returns the same options with another policy for a full queue.
     *
     * @param policy refuse at once, or wait for room
     * @return the options
     */
    public CallOptions whenFull(WhenFull policy) {
        return new CallOptions(deadline, policy, tellStarted, progress, attachmentsInto, attempt, key);
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
        return new CallOptions(deadline, whenFull, tellStarted, made, attachmentsInto, attempt, key);
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
        return new CallOptions(deadline, whenFull, tellStarted, () -> publisher, attachmentsInto, attempt, key);
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
        return new CallOptions(deadline, whenFull, tellStarted, progress, memory, attempt, key);
    }

    /**
     * Returns the same options for one of several attempts at the same work, so that its handler can tell what it has done
     * before from what is new: {@link RequestContext#attempt} and {@link RequestContext#key}. Another side that knows no
     * attempts is told nothing of it, and the call goes on.
     *
     * @param number 1 for the first attempt, then 2, at most {@link #MAX_ATTEMPT}
     * @param key the same for all attempts, of at most {@link #MAX_KEY_BYTES} bytes of UTF-8; not empty
     * @return the options
     * @throws IllegalArgumentException if one of them is out of range, or the key has half a surrogate pair
     */
    public CallOptions attempt(int number, String key) {
        Objects.requireNonNull(key, "key");
        return new CallOptions(deadline, whenFull, tellStarted, progress, attachmentsInto, number, key);
    }
}
