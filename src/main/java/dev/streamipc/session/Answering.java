package dev.streamipc.session;

import dev.streamipc.message.Message;
import dev.streamipc.message.Request;

/** Handlers of what the other side sends: its requests and its notifications. */
public interface Answering {

    /**
     * Registers a handler for requests of a type. The first registered is asked first; the first answer that is not null
     * wins. What a handler throws reaches the caller as {@code RemoteFailure}.
     *
     * @param <T> the type of the request
     * @param <R> the type of its answer
     * @param type the type of the request, or a sealed interface of several
     * @param handler runs as the comment of {@link IpcSession} says
     * @return pauses, resumes and removes the handler
     */
    default <T extends Request<R>, R extends Message> Subscription onRequest(
            Class<T> type, RequestHandler<T, R> handler) {
        return onRequest(type, (request, context) -> handler.handle(request));
    }

    /**
     * Registers a handler for requests of a type that tells of its progress, or learns when nobody waits for it any more.
     * Otherwise like the one without a context.
     *
     * @param <T> the type of the request
     * @param <R> the type of its answer
     * @param type the type of the request, or a sealed interface of several
     * @param handler runs as the comment of {@link IpcSession} says
     * @return pauses, resumes and removes the handler
     */
    <T extends Request<R>, R extends Message> Subscription onRequest(Class<T> type, ContextHandler<T, R> handler);

    /**
     * Registers a handler for notifications of a type. All handlers of a type get each of its notifications.
     *
     * @param <M> the type
     * @param type the type of the notification, or a sealed interface of several
     * @param handler runs as the comment of {@link IpcSession} says; what it throws is logged
     * @return pauses, resumes and removes the handler
     */
    <M extends Message> Subscription onMessage(Class<M> type, MessageHandler<M> handler);
}
