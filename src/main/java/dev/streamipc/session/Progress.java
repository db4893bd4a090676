package dev.streamipc.session;

import dev.streamipc.message.Message;

/**
 * News of a call that goes on.
 *
 * @param <P> the type of the update
 * @param message the update
 * @param skipped how many updates before this one, since the last that was handed over, were left out because they came
 *     faster than they were taken, or could not be decoded
 */
public record Progress<P extends Message>(P message, long skipped) {}
