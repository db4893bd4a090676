package dev.streamipc.message;

/**
 * A message that asks for an answer; the type of the answer is part of the question.
 *
 * @param <R> the type of the answer, a record
 */
public interface Request<R extends Message> extends Message {}
