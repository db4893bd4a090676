package dev.streamipc.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the side of the parent, with the smallest rings. */
class SharedMemoryChannelTest extends WakingChannelContract {

    @TempDir
    Path directory;

    @Override
    public Ends connect() throws Exception {
        return connect(directory, SharedFile.MIN_RING_BYTES);
    }

    /** Returns the side of the parent, and that of a child, which have met. */
    static Ends connect(Path directory, int ringBytes) throws IOException {
        SharedMemoryHost host = SharedMemoryHost.openIn(directory, directory, ringBytes);
        SharedMemoryChannel child = SharedMemoryChannel.connect(host.listener().path());
        child.write(ByteBuffer.allocate(1));
        assertEquals(1, host.channel().read(ByteBuffer.allocate(1)));
        return new Ends(host.channel(), child);
    }

    @Test
    void saysWhatItHoldsAndThatItCarriesNoJunk() throws IOException {
        assertEquals(4_096, here.capacityBytes());
        assertEquals(4_096, there.capacityBytes());
        assertFalse(here.mayCarryJunk());
        assertFalse(here.parksVirtualThreads());
    }

    @Test
    void nothingIsLeftInTheFolderOnceBothHaveMet() throws IOException {
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void tellsWhatIsThereWithoutWaiting() throws Exception {
        assertEquals(0, here.availableBytes());

        writeAll(there, new byte[3_000]);

        assertEquals(3_000, here.availableBytes());
        here.read(ByteBuffer.allocate(1_000));
        assertEquals(2_000, here.availableBytes());
        there.close();
        assertEquals(2_000, here.availableBytes());
        here.close();
        assertThrows(IOException.class, () -> here.availableBytes());
    }

    @Test
    void oneByteOverTheCapacityWaitsForAReader() throws Exception {
        here.write(ByteBuffer.allocate(4_096));
        FutureTask<Void> write = new FutureTask<>(() -> writeAll(here, new byte[1]));
        Eventually.awaitBlocked(start(write));

        there.read(ByteBuffer.allocate(1));

        write.get();
    }

    @Test
    void interruptNeitherWakesAReadNorGetsLost() throws Exception {
        FutureTask<Boolean> read = new FutureTask<>(() -> {
            Thread.currentThread().interrupt();
            return here.read(ByteBuffer.allocate(1)) == 1 && Thread.interrupted();
        });
        Thread reader = start(read);
        Eventually.awaitBlocked(reader);
        reader.interrupt();
        Eventually.awaitBlocked(reader);

        writeAll(there, new byte[1]);

        assertTrue(read.get());
    }

    @Test
    void saysWhichSideIsClosed() throws Exception {
        here.close();

        assertEquals("channel is closed on this side", failureOfWriteTo(here));
        assertEquals("channel is closed on the other side", failureOfWriteTo(there));
    }

    private static String failureOfWriteTo(IpcChannel channel) {
        return assertThrows(IOException.class, () -> writeAll(channel, new byte[1]))
                .getMessage();
    }
}
