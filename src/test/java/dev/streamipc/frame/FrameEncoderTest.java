package dev.streamipc.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameEncoderTest {

    private static final byte[] PAYLOAD = Replay.latin1("{\"job\":\"Task #0\"}");

    private final FrameEncoder encoder = new FrameEncoder(RawFrame.SALT);

    @Test
    void sealedFrameIsTheOneBuiltByHand() {
        int flags = Flags.PAYLOAD_CRC | Flags.WANT_STARTED;
        byte[] expected = RawFrame.request(-2, PAYLOAD).flags(flags).bytes();

        assertArrayEquals(expected, seal(encoder, Kind.REQUEST.with(flags), -2, PAYLOAD));
    }

    @Test
    void sealedFrameWithoutCrcEndsBehindThePayload() {
        byte[] expected = RawFrame.of(Kind.REPLY).id(7).payload(PAYLOAD).bytes();

        assertArrayEquals(expected, seal(encoder, Kind.REPLY.with(0), 7, PAYLOAD));
    }

    @Test
    void helloIsSealedWithoutSalt() {
        byte[] expected = RawFrame.of(Kind.HELLO)
                .salt(0)
                .flags(Flags.PAYLOAD_CRC)
                .payload(PAYLOAD)
                .bytes();

        assertArrayEquals(expected, seal(encoder, Kind.HELLO.with(Flags.PAYLOAD_CRC), 0, PAYLOAD));
    }

    @Test
    void headerChecksumIsThatOfZlib() {
        Random random = new Random(1);
        byte[] header = new byte[24];
        for (int i = 0; i < 10_000; i++) {
            int salt = random.nextInt();
            RawFrame raw = new RawFrame(random.nextInt(), random.nextLong(), salt, new byte[0]);
            System.arraycopy(raw.header(random.nextInt()), 0, header, 0, 24);

            assertEquals(FrameHeader.crc(header, 0), HeaderCrc.of(HeaderCrc.stateAfter(salt), header, 0));
        }
    }

    @Test
    void sealRefusesAnArrayWithoutRoomForTheCrc() {
        byte[] short3 = new byte[24 + 10 + 3];
        int word = Kind.REPLY.with(Flags.PAYLOAD_CRC);

        assertThrows(IndexOutOfBoundsException.class, () -> encoder.seal(short3, 10, word, 1));
    }

    @Test
    void voidedFrameKeepsLengthIdAndCrc() {
        RawFrame request = RawFrame.request(5, PAYLOAD).flags(7);
        RawFrame after = RawFrame.of(Kind.PING).id(6);
        byte[] buffer = Replay.join(after.bytes(), request.bytes(), after.bytes());

        encoder.voidOut(buffer, 24);

        String skipped =
                request.kind(Kind.VOID.number()).flags(Flags.PAYLOAD_CRC).seen();
        assertEquals(List.of(after.seen(), skipped, after.seen()), Replay.SOCKET.decode(buffer));
    }

    @Test
    void voidedFrameWithoutCrcHasNone() {
        byte[] buffer = RawFrame.request(5, PAYLOAD).flags(Flags.WANT_STARTED).bytes();

        encoder.voidOut(buffer, 0);

        assertArrayEquals(RawFrame.of(Kind.VOID).id(5).payload(PAYLOAD).bytes(), buffer);
    }

    private static byte[] seal(FrameEncoder encoder, int word, long id, byte[] payload) {
        byte[] frame = new byte[24 + payload.length + 10];
        System.arraycopy(payload, 0, frame, 24, payload.length);
        return Arrays.copyOf(frame, encoder.seal(frame, payload.length, word, id));
    }
}
