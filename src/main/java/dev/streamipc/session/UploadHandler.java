package dev.streamipc.session;

import dev.streamipc.message.Message;
import dev.streamipc.message.UploadRequest;

/**
 * Answers requests of one type that bring a stream of parts along.
 *
 * @param <T> the type of the request
 * @param <P> the type of the parts
 * @param <R> the type of the answer
 */
@FunctionalInterface
public interface UploadHandler<T extends UploadRequest<P, R>, P extends Message, R extends Message> {

    /**
     * Takes the parts, all or as many as it wants, and answers. On a thread of its own, which may block; with a handler
     * executor of the user's on that.
     *
     * @param request the request
     * @param parts the parts; they end when this returns
     * @param context progress, cancellation and time of this request
     * @return the answer
     * @throws Exception anything; the asker gets it as {@code RemoteFailure}
     */
    R handle(T request, PartStream<P> parts, RequestContext context) throws Exception;
}
