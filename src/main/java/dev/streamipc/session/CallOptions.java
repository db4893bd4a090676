package dev.streamipc.session;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one call is made. Immutable.
 *
 * @param deadline the time from now until the call ends at the latest; null for the peer's default
 * @param whenFull what to do if there is no room to send; null for the peer's default
 * @param tellStarted whether the other side is to say when the handler is entered, so that a failure can tell RUNNING
 *     from SENT; costs a small frame
 */
public record CallOptions(
        @Nullable Duration deadline, @Nullable WhenFull whenFull, boolean tellStarted) {

    /** The longest deadline: 24 hours. */
    public static final Duration MAX_DEADLINE = Duration.ofHours(24);

    /** The peer's default deadline, and no word of the start. */
    public static final CallOptions DEFAULT = new CallOptions(null, null, false);

    /** Checks the deadline. */
    public CallOptions {
        if (deadline != null && (deadline.isNegative() || deadline.isZero() || deadline.compareTo(MAX_DEADLINE) > 0)) {
            throw new IllegalArgumentException("deadline out of range: deadlineMs=" + deadline.toMillis() + ", maxMs="
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
        return new CallOptions(deadline, null, false);
    }

    /**
     * Returns the same options, with word of the start.
     *
     * @return the options
     */
    public CallOptions tellingStarted() {
        return new CallOptions(deadline, whenFull, true);
    }

    /**
     * Returns the same options with another policy for a full queue.
     *
     * @param policy refuse at once, or wait for room
     * @return the options
     */
    public CallOptions whenFull(WhenFull policy) {
        return new CallOptions(deadline, policy, tellStarted);
    }
}
