package dev.streamipc.session;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.StreamRequest;
import dev.streamipc.message.UploadRequest;

/**
 * Calls that are answered by many messages, or bring many along: streams of parts, which flow as fast as their consumer
 * takes them, in order, none missing. However long a stream is, neither side holds more than a few parts of it.
 */
public interface Streaming {

    /**
     * Asks for a stream, with the peer's default deadline. Otherwise like the one with options.
     *
     * @param <P> the type of the parts
     * @param request of a type that both sides know
     * @return the parts
     */
    default <P extends Message> PartStream<P> stream(StreamRequest<P> request) {
        return stream(request, CallOptions.DEFAULT);
    }

    /**
     * Asks for a stream. Never blocks, unless it is to wait for room: {@link WhenFull}. Nothing flows before somebody takes it,
     * and by the deadline the whole stream has to be taken. Whoever does not take it to its end closes it.
     *
     * @param <P> the type of the parts
     * @param request of a type that both sides know
     * @param options deadline, progress and more
     * @return the parts; how the call ends is how they end, with an {@link IpcFailure} unless they are whole
     */
    <P extends Message> PartStream<P> stream(StreamRequest<P> request, CallOptions options);

    /**
     * Makes a request that brings a stream along, with the peer's default deadline. Otherwise like the one with options.
     *
     * @param <P> the type of the parts
     * @param <R> the type of the answer
     * @param request of a type that both sides know
     * @return takes the parts, and has the answer
     */
    default <P extends Message, R extends Message> Upload<P, R> upload(UploadRequest<P, R> request) {
        return upload(request, CallOptions.DEFAULT);
    }

    /**
     * Makes a request that brings a stream along. Never blocks, unless it is to wait for room: {@link WhenFull}. By the
     * deadline all has to be sent and answered.
     *
     * @param <P> the type of the parts
     * @param <R> the type of the answer
     * @param request of a type that both sides know
     * @param options deadline, progress and more
     * @return takes the parts, and has the answer
     */
    <P extends Message, R extends Message> Upload<P, R> upload(UploadRequest<P, R> request, CallOptions options);

    /**
     * Registers a handler that answers requests of a type with a stream. At most 64 streams a session, of both sorts, are
     * handled at a time; more are {@code Rejected} (QUEUE_FULL), unless the handler executor is the user's.
     *
     * @param <T> the type of the request
     * @param <P> the type of the parts
     * @param type the type of the request, or a sealed interface of several
     * @param handler runs on a thread of its own
     * @return pauses, resumes and removes the handler
     */
    <T extends StreamRequest<P>, P extends Message> Subscription onStream(Class<T> type, StreamHandler<T, P> handler);

    /**
     * Registers a handler for requests of a type that bring a stream along. Otherwise like {@link #onStream}.
     *
     * @param <T> the type of the request
     * @param <P> the type of the parts
     * @param <R> the type of the answer
     * @param type the type of the request, or a sealed interface of several
     * @param handler runs on a thread of its own
     * @return pauses, resumes and removes the handler
     */
    <T extends UploadRequest<P, R>, P extends Message, R extends Message> Subscription onUpload(
            Class<T> type, UploadHandler<T, P, R> handler);
}
