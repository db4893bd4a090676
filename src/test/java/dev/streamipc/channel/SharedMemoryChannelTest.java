package dev.streamipc.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
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
    void memoryIsMadeInTheSecondPlaceIfThereIsNoneInTheFirst() throws Exception {
        Path none = directory.resolve("none");
        try (SharedMemoryHost host = SharedMemoryHost.openIn(none, directory, 8_192)) {
            assertTrue(host.listener().path().startsWith(directory));
        }
        assertThrows(IOException.class, () -> SharedMemoryHost.openIn(none, none, 8_192));
        Path file = Files.createDirectory(directory.resolve("first"));
        Path unwritable = Path.of("/proc/self");
        try (SharedMemoryHost host = SharedMemoryHost.openIn(unwritable, file, 8_192)) {
            assertTrue(host.listener().path().startsWith(file));
        }
        IOException neither =
                assertThrows(IOException.class, () -> SharedMemoryHost.openIn(unwritable, unwritable, 8_192));
        assertEquals(1, neither.getSuppressed().length);
    }

    @Test
    void memoryIsOpenToItsOwnerAlone() throws Exception {
        try (SharedMemoryHost host = SharedMemoryHost.openIn(directory, directory, 8_192)) {
            Path file = SharedMemoryChannel.fileBeside(host.listener().path());
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            assertEquals(4_096 + 2 * 8_192, Files.size(file));
        }
    }

    @Test
    void memoryOfAnotherLayoutIsRefused() throws Exception {
        try (SharedMemoryHost host = SharedMemoryHost.openIn(directory, directory, 8_192)) {
            Path file = SharedMemoryChannel.fileBeside(host.listener().path());
            byte[] right = Files.readAllBytes(file);
            for (int offset : new int[] {0, 8, 16, 17, 19, 23}) {
                byte[] wrong = right.clone();
                wrong[offset] ^= (byte) 0x41;
                Files.write(file, wrong);
                IOException refused = assertThrows(
                        IOException.class,
                        () -> SharedMemoryChannel.connect(host.listener().path()));
                assertTrue(refused.getMessage().startsWith("shared memory has another layout: "));
            }
            for (int length : new int[] {0, 10, 4_096, right.length - 1}) {
                Files.write(file, Arrays.copyOf(right, length));
                assertThrows(
                        IOException.class,
                        () -> SharedMemoryChannel.connect(host.listener().path()));
            }
        }
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
