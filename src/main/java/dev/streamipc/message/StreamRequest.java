package dev.streamipc.message;

/**
 * A message that asks for a stream: any number of parts, as fast as the asker takes them.
 *
 * @param <P> the type of the parts, a record or a sealed interface of several
 */
public interface StreamRequest<P extends Message> extends Message {}
