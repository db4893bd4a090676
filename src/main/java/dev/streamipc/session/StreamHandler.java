package dev.streamipc.session;

import dev.streamipc.message.Message;
import dev.streamipc.message.StreamRequest;

/**
 * Answers requests of one type with a stream of parts.
 *
 * @param <T> the type of the request
 * @param <P> the type of the parts
 */
@FunctionalInterface
public interface StreamHandler<T extends StreamRequest<P>, P extends Message> {

    /**
     * Sends the parts; the stream is whole when this returns. On a thread of its own, which may block; with a handler executor
     * of the user's on that.
     *
     * @param request the request
     * @param parts takes the parts
     * @throws Exception anything; the asker gets it as {@code RemoteFailure}, behind the parts that were sent
     */
    void handle(T request, PartSink<P> parts) throws Exception;
}
