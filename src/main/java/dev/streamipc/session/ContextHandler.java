package dev.streamipc.session;

import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests of one type, and may tell of its progress and learn that the request is no longer wanted.
 *
 * @param <T> the type of the request
 * @param <R> the type of its answer
 */
@FunctionalInterface
public interface ContextHandler<T extends Request<R>, R extends Message> {

    /**
     * Answers a request, on the handler executor or on the thread that pumps. It may block, and it may ask back.
     *
     * @param request the request
     * @param context progress, cancellation and time of this request
     * @return the answer, or null to leave the request to the next handler as if it had not come here: where all do so, the
     *     caller gets {@code Rejected} (UNHANDLED), which tells it to be free to ask again
     * @throws Exception anything; the caller gets it as {@code RemoteFailure}
     */
    @Nullable
    R handle(T request, RequestContext context) throws Exception;
}
