package dev.streamipc.sample.dispatch;

import dev.streamipc.message.Request;

/**
 * A picture that is to be made smaller.
 *
 * @param source the file of the picture
 * @param target the file that is to be written, a PNG
 * @param edge of the result, in pixels, at most
 */
public record Scale(String source, String target, int edge) implements Request<Scaled> {}
