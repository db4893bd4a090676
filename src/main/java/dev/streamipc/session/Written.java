package dev.streamipc.session;

/**
 * How far writing has come.
 *
 * @param takenBytes what the channel has taken; during a write, how far that was seen to be
 * @param queuedBytes what waits or is being written
 * @param writing whether a thread is at it
 */
record Written(long takenBytes, long queuedBytes, boolean writing) {}
