package dev.streamipc.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read is what was written, wherever in the ring it begins and ends, and never what an earlier lap has left. */
class RingWrapTest {

    private static final int RING_BYTES = SharedFile.MIN_RING_BYTES;

    @TempDir
    Path directory;

    private IpcChannel parent;
    private IpcChannel child;
    private final Random random = new Random(1);

    @BeforeEach
    void meet() throws IOException {
        IpcChannelContract.Ends ends = SharedMemoryChannelTest.connect(directory, RING_BYTES);
        parent = ends.here();
        child = ends.there();
    }

    @AfterEach
    void part() throws IOException {
        parent.close();
        child.close();
    }

    @Test
    void everyOffsetCarriesEverySizeThatMatters() throws IOException {
        for (int size : new int[] {1, 2, 7, 8, 9, 24, 1_023, 1_024, 1_025, RING_BYTES - 1, RING_BYTES}) {
            for (int offset = 0; offset < RING_BYTES; offset++) {
                exchange(parent, child, size);
                exchange(parent, child, step(size));
            }
        }
    }

    /** What makes, with the message before it, laps and one byte: so each message begins one byte further. */
    private static int step(int size) {
        return Math.floorMod(1 - size - 1, RING_BYTES) + 1;
    }

    @Test
    void partsOfAMessageAreReadInAnyPieces() throws IOException {
        byte[] sent = new byte[RING_BYTES];
        for (int piece = 1; piece < 70; piece++) {
            random.nextBytes(sent);
            child.write(ByteBuffer.wrap(sent));
            ByteBuffer all = ByteBuffer.allocate(sent.length);
            while (all.hasRemaining()) {
                parent.read(all.limit(Math.min(all.position() + piece, sent.length)));
                all.limit(sent.length);
            }
            assertArrayEquals(sent, all.array());
            exchange(child, parent, 1);
        }
    }

    private void exchange(IpcChannel from, IpcChannel to, int size) throws IOException {
        byte[] sent = new byte[size];
        random.nextBytes(sent);
        from.write(ByteBuffer.wrap(sent));
        ByteBuffer all = ByteBuffer.allocate(size);
        while (all.hasRemaining()) {
            to.read(all);
        }
        assertArrayEquals(sent, all.array());
        assertEquals(0, to.availableBytes());
    }
}
