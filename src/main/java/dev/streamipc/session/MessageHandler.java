package dev.streamipc.session;

import dev.streamipc.message.Message;

/**
 * Takes notifications of one type.
 *
 * @param <M> the type
 */
@FunctionalInterface
public interface MessageHandler<M extends Message> {

    /**
     * Takes a message, on the handler executor or on the thread that pumps.
     *
     * @param message the message
     * @throws Exception anything; it is logged and harms nothing else
     */
    void handle(M message) throws Exception;
}
