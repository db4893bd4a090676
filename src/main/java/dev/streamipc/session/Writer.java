package dev.streamipc.session;

/** Sees to it that what stands in the {@link Outbox} is written. For all threads. */
interface Writer {

    /** Does what an append asked for, and blocks only where that asked the calling thread to write. */
    void after(Next next);

    /** Blocks until an answer may be appended, the session has ended, or the time is up. */
    void awaitRoom(long nanos) throws InterruptedException;

    /** Blocks until so many bytes have left, nothing leaves any more, or the time is up. */
    void awaitGone(long bytes, long nanos);

    /** Writes nothing more, as soon as what is being written is over. */
    void end();
}
