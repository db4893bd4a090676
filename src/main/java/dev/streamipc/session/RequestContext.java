package dev.streamipc.session;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import java.time.Duration;
import java.util.Optional;

/**
 * What a handler is told of the request that it answers, beside the request itself. It may be handed to other threads; once
 * the handler has returned it does nothing any more.
 */
public interface RequestContext {

    /**
     * Sends news of this request to its caller. Never blocks. Does nothing if the caller does not listen, has gone, or if the
     * handler has returned. Updates arrive in order, each at most once, all before the answer.
     *
     * <p>When the outbound queue holds more than 1 MiB the latest update waits for room and replaces what waited before: the
     * caller is told how many were left out.
     *
     * @param message of a type that both sides know
     * @throws IpcFailure {@code Rejected} if the type is not shared or the message too large, {@code Undecodable} if it can't
     *     be encoded
     */
    void progress(Message message);

    /**
     * Returns whether the request is still wanted. From the first call on, a session that reads and handles on one thread
     * has a thread that reads, so that a cancel is heard while the handler works.
     *
     * @return the same object at every call
     */
    Cancellation cancellation();

    /**
     * Returns how long the caller still waits. Requests that the handler makes on its own thread, on any session, get no more
     * than this, whatever their options say.
     *
     * @return zero if the time is up, {@link CallOptions#MAX_DEADLINE} if the caller set no deadline
     */
    Duration timeLeft();

    /**
     * Returns which attempt at its work this request is, as its caller says: {@link CallOptions#attempt(int, String)}.
     *
     * @return 1 for the first one, and where the caller says nothing
     */
    default int attempt() {
        return 1;
    }

    /**
     * Returns what all attempts at the work of this request have in common, as its caller says.
     *
     * @return 1 to {@link CallOptions#MAX_KEY_BYTES} bytes of UTF-8; empty where the caller says nothing
     */
    default Optional<String> key() {
        return Optional.empty();
    }
}
