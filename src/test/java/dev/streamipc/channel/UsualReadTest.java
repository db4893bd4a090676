package dev.streamipc.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class UsualReadTest {

    private static final int ROOM_BYTES = 8_192;
    private static final int ANSWER_BYTES = 40;
    private static final long SLOW_NANOS = 10_000;

    private long nowNanos;
    private final UsualRead usual = new UsualRead(() -> nowNanos);

    /** Reads as a stream that waits for its bytes. */
    private int slowly(int bytes) {
        int asked = usual.bytes(ROOM_BYTES);
        nowNanos += SLOW_NANOS;
        usual.came(Math.min(asked, bytes));
        return asked;
    }

    @Test
    void asksForWhatCameTwice() {
        assertEquals(ROOM_BYTES, slowly(ANSWER_BYTES));
        assertEquals(ROOM_BYTES, slowly(ANSWER_BYTES));

        assertEquals(ANSWER_BYTES, slowly(ANSWER_BYTES));
        assertEquals(ANSWER_BYTES, slowly(ANSWER_BYTES));
    }

    @Test
    void asksForAllBehindAnotherLength() {
        slowly(ANSWER_BYTES);
        slowly(ANSWER_BYTES);
        assertEquals(ANSWER_BYTES, slowly(ANSWER_BYTES - 1));

        assertEquals(ROOM_BYTES, slowly(ANSWER_BYTES));
    }

    @Test
    void asksForAllBehindWhatWasThereAlready() {
        slowly(ANSWER_BYTES);
        slowly(ANSWER_BYTES);
        assertEquals(ANSWER_BYTES, usual.bytes(ROOM_BYTES));
        usual.came(ANSWER_BYTES);

        assertEquals(ROOM_BYTES, slowly(ANSWER_BYTES));
        assertEquals(ROOM_BYTES, slowly(ANSWER_BYTES));
    }

    @Test
    void longReadsAreNotGuessed() {
        slowly(4_000);
        slowly(4_000);

        assertEquals(ROOM_BYTES, slowly(4_000));
    }

    @Test
    void asksForNoMoreThanThereIsRoomFor() {
        slowly(ANSWER_BYTES);
        slowly(ANSWER_BYTES);

        assertEquals(ANSWER_BYTES - 1, usual.bytes(ANSWER_BYTES - 1));
    }
}
