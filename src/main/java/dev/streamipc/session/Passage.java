package dev.streamipc.session;

/**
 * Where a frame stands in the outbound stream; of a call it is the call itself. Guarded by the lock of the {@link Outbox}.
 *
 * <p>Not appended, then appended (it may still be withdrawn), then swapped out for writing (it may not).
 */
interface Passage {

    long NOT_APPENDED = -1;

    /** Returns the id of the request or ping. */
    long id();

    /** Pings are numbered like requests, but no goodbye names one. */
    boolean isCall();

    /** Returns the position of its first byte in the stream, or {@link #NOT_APPENDED}. */
    long startBytes();

    /** Returns the position behind its last byte, or {@link #NOT_APPENDED}. */
    long endBytes();

    /** The frame has its place. */
    void standsAt(long startBytes, int lengthBytes);

    /** Returns whether it has ended and must not be appended any more. */
    boolean isWithdrawn();

    /** It has ended. */
    void withdraw();
}
