package dev.streamipc.message;

/**
 * A request that brings a stream along: any number of parts, as fast as the handler takes them, before it answers.
 *
 * @param <P> the type of the parts, a record or a sealed interface of several
 * @param <R> the type of the answer, a record
 */
public interface UploadRequest<P extends Message, R extends Message> extends Request<R> {}
