package dev.streamipc.sample;

import dev.streamipc.message.Request;

/**
 * Asks what is in a file; the type of the answer is part of the question.
 *
 * @param path absolute
 */
public record FileRequest(String path) implements Request<FileResponse> {}
