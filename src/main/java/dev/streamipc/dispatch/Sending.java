package dev.streamipc.dispatch;

/**
 * A task on its way to a worker.
 *
 * @param life of the worker
 */
record Sending(long life, Worker worker, Task<?> task) {}
