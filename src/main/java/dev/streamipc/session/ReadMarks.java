package dev.streamipc.session;

import java.util.Arrays;

/**
 * What is known of how far the other side has read: every answer proves that all before its request was. Guarded by the
 * lock of the {@link Outbox}.
 */
final class ReadMarks {

    private static final int REMEMBERED = 256;

    /** Of the calls that have ended: their ids and places, and not themselves, who hold their answers. */
    private long[] endedIds = {};

    private long[] endedAtBytes = {};
    private int nextEnded;
    private long readBytes;
    private long unreadEarlyBytes;

    /** The other side has read this frame, and everything before it. */
    void read(Passage passage) {
        readBytes = Math.max(readBytes, passage.endBytes());
        unreadEarlyBytes = 0;
    }

    void earlyWritten(int bytes) {
        unreadEarlyBytes += bytes;
    }

    /** Returns how many opening bytes are not known to have been read. */
    long unreadEarlyBytes() {
        return unreadEarlyBytes;
    }

    /** Returns how many of the bytes before a place are not known to have been read. */
    long unreadBytes(long endBytes) {
        return unreadEarlyBytes + endBytes - readBytes;
    }

    /** Remembers a call that left and has ended, so that a goodbye can name it. */
    void remember(Passage passage) {
        if (!passage.isCall()) {
            return;
        }
        if (endedIds.length == 0) {
            endedIds = new long[REMEMBERED];
            endedAtBytes = new long[REMEMBERED];
            Arrays.fill(endedAtBytes, Passage.NOT_APPENDED);
        }
        endedIds[nextEnded] = passage.id();
        endedAtBytes[nextEnded] = passage.startBytes();
        nextEnded = (nextEnded + 1) & (REMEMBERED - 1);
    }

    /** Returns where the last request with this id stood, or {@link Long#MAX_VALUE} if that was forgotten. */
    long startOf(long id) {
        long last = -1;
        for (int at = 0; at < endedIds.length; at++) {
            if (endedIds[at] == id) {
                last = Math.max(last, endedAtBytes[at]);
            }
        }
        return last >= 0 ? last : Long.MAX_VALUE;
    }
}
