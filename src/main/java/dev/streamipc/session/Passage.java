package dev.streamipc.session;

/**
 * Where a frame stands in the outbound stream. All fields are guarded by the lock of the {@link Outbox}.
 *
 * <p>Not appended, then appended (it may still be withdrawn), then swapped out for writing (it may not).
 */
final class Passage {

    static final long NOT_APPENDED = -1;

    /** The id of the request or ping. */
    final long id;

    /** Pings are numbered like requests, but no goodbye names one. */
    final boolean isCall;

    /** Position of its first byte in the stream, or {@link #NOT_APPENDED}. */
    long startBytes = NOT_APPENDED;

    /** Position behind its last byte. */
    long endBytes = NOT_APPENDED;

    /** It has ended and must not be appended any more. */
    boolean withdrawn;

    private Passage(long id, boolean isCall) {
        this.id = id;
        this.isCall = isCall;
    }

    static Passage ofCall(long id) {
        return new Passage(id, true);
    }

    static Passage ofPing(long id) {
        return new Passage(id, false);
    }

    /** The frame has its place. */
    void standsAt(long startBytes, int lengthBytes) {
        this.startBytes = startBytes;
        this.endBytes = startBytes + lengthBytes;
    }
}
