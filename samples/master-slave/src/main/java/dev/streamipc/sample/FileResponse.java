package dev.streamipc.sample;

import dev.streamipc.message.Message;

/**
 * What is in a file.
 *
 * @param path as it was asked
 * @param bytes how many bytes were read
 * @param lines how many of them are line feeds
 * @param sha256 64 hex digits
 */
public record FileResponse(String path, long bytes, long lines, String sha256) implements Message {}
