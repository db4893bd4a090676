package dev.streamipc.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** What every channel does, whatever carries its bytes. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
abstract class IpcChannelContract {

    static final int MIB = 1 << 20;

    /** A connection of Linux may hold 4 MiB that are sent and 6 MiB that are received. */
    private static final int MORE_THAN_FITS_BYTES = 32 * MIB;

    /** No frame of a session is smaller. */
    private static final int FRAME_BYTES = 24;

    IpcChannel here;
    IpcChannel there;

    /** The two ends of a fresh connection. */
    record Ends(IpcChannel here, IpcChannel there) {}

    /** Makes a connection. A test may make several. */
    public abstract Ends connect() throws Exception;

    public final IpcChannel here() {
        return here;
    }

    public final IpcChannel there() {
        return there;
    }

    @BeforeEach
    void open() throws Exception {
        Ends ends = connect();
        here = ends.here();
        there = ends.there();
    }

    @AfterEach
    void closeBoth() throws Exception {
        here.close();
        there.close();
    }

    @Test
    void bytesArriveInOrderBothWaysAtOnce() throws Exception {
        byte[] there2here = randomBytes(1, 300_000);
        byte[] here2there = randomBytes(2, 300_000);

        FutureTask<?> write1 = inThread(() -> writeInSlices(here, here2there, new Random(3)));
        FutureTask<?> write2 = inThread(() -> writeInSlices(there, there2here, new Random(4)));
        FutureTask<byte[]> read1 = inThread(() -> readInSlices(here, there2here.length, new Random(5)));
        byte[] read2 = readInSlices(there, here2there.length, new Random(6));

        assertArrayEquals(here2there, read2);
        assertArrayEquals(there2here, read1.get());
        write1.get();
        write2.get();
    }

    @Test
    void oneLargeWriteArrivesWhole() throws Exception {
        byte[] sent = randomBytes(7, MIB);

        FutureTask<?> write = inThread(() -> writeAll(here, sent));

        assertArrayEquals(sent, readInSlices(there, sent.length, new Random(8)));
        write.get();
    }

    @Test
    void writeTakesWhatRemainsOfASlicedBuffer() throws Exception {
        ByteBuffer src = ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6})
                .position(1)
                .slice()
                .position(1)
                .limit(4);

        here.write(src);

        assertFalse(src.hasRemaining());
        assertEquals(4, src.limit());
        assertArrayEquals(new byte[] {3, 4, 5}, readInSlices(there, 3, new Random(9)));
    }

    @Test
    void arrayIsTheCallersAgainOnceAWriteReturns() throws Exception {
        byte[] bytes = randomBytes(13, 2_000);
        byte[] sent = bytes.clone();

        writeAll(here, bytes);
        Arrays.fill(bytes, (byte) 0);

        assertArrayEquals(sent, readInSlices(there, sent.length, new Random(14)));
    }

    @Test
    void readGoesOnWhileAWriteIsBlocked() throws Exception {
        FutureTask<Void> write = new FutureTask<>(() -> writeAll(here, new byte[MORE_THAN_FITS_BYTES]));
        Eventually.awaitBlocked(start(write));

        writeAll(there, new byte[] {1, 2, 3});

        assertArrayEquals(new byte[] {1, 2, 3}, readInSlices(here, 3, new Random(15)));
        readInSlices(there, MORE_THAN_FITS_BYTES, new Random(16));
        write.get();
    }

    @Test
    void writeGoesOnWhileAReadIsBlocked() throws Exception {
        ByteBuffer dst = ByteBuffer.allocate(10);
        FutureTask<Integer> read = new FutureTask<>(() -> here.read(dst));
        Eventually.awaitBlocked(start(read));

        writeAll(here, new byte[] {1, 2, 3});

        assertArrayEquals(new byte[] {1, 2, 3}, readInSlices(there, 3, new Random(17)));
        writeAll(there, new byte[1]);
        assertEquals(1, read.get());
    }

    @Test
    void readFillsOnlyTheRoomThatIsThere() throws Exception {
        ByteBuffer dst =
                ByteBuffer.wrap(new byte[6]).position(1).slice().position(1).limit(3);
        writeAll(here, new byte[] {7, 8, 9});

        while (dst.hasRemaining()) {
            there.read(dst);
        }

        assertEquals(3, dst.limit());
        assertArrayEquals(new byte[] {0, 0, 7, 8, 0, 0}, dst.array());
    }

    @Test
    void streamEndsBehindWhatWasWrittenBeforeTheClose() throws Exception {
        byte[] sent = randomBytes(10, 1_000);
        writeAll(here, sent);

        here.close();

        assertArrayEquals(sent, readInSlices(there, sent.length, new Random(11)));
        assertEquals(-1, there.read(ByteBuffer.allocate(10)));
        assertEquals(-1, there.read(ByteBuffer.allocate(10)));
    }

    @Test
    void whatWasWrittenArrivesAlsoIfTheCloserLeftBytesUnread() throws Exception {
        writeAll(there, new byte[1_000]);
        here.read(ByteBuffer.allocate(1));
        writeAll(here, new byte[] {1, 2, 3});

        here.close();

        assertArrayEquals(new byte[] {1, 2, 3}, readInSlices(there, 3, new Random(18)));
        try {
            assertEquals(-1, there.read(ByteBuffer.allocate(1)));
        } catch (IOException reset) {
            // so do sockets where bytes were left
        }
    }

    @Test
    void writeToAClosedOtherSideFails() throws Exception {
        there.close();

        assertThrows(IOException.class, () -> {
            for (int i = 0; i < 64; i++) {
                writeAll(here, new byte[MIB / 4]);
            }
        });
        here.close();
    }

    @Test
    void readAndWriteFailOnceClosedHere() throws Exception {
        here.close();

        assertThrows(IOException.class, () -> here.read(ByteBuffer.allocate(1)));
        assertThrows(IOException.class, () -> here.write(ByteBuffer.allocate(1)));
    }

    @Test
    void secondCloseDoesNothing() throws Exception {
        here.close();
        here.close();

        assertEquals(-1, there.read(ByteBuffer.allocate(1)));
    }

    @Test
    void closesFromManyThreadsAreOne() throws Exception {
        List<FutureTask<Void>> closes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            closes.add(inThread(() -> {
                here.close();
                return null;
            }));
        }

        for (FutureTask<Void> close : closes) {
            close.get();
        }
        assertEquals(-1, there.read(ByteBuffer.allocate(1)));
    }

    @Test
    void closeReturnsWhileAReadIsBlocked() throws Exception {
        FutureTask<Integer> read = new FutureTask<>(() -> here.read(ByteBuffer.allocate(10)));
        Eventually.awaitBlocked(start(read));

        here.close();

        assertEquals(-1, there.read(ByteBuffer.allocate(1)));
    }

    @Test
    void writeOfTheStatedCapacityDoesNotWaitForAReader() throws Exception {
        int capacityBytes = here.capacityBytes();

        here.write(ByteBuffer.allocate(capacityBytes));

        assertTrue(capacityBytes >= 0);
        readInSlices(there, capacityBytes, new Random(12));
    }

    @Test
    void smallWritesOfTheStatedCapacityTogetherDoNotWaitForAReader() throws Exception {
        ByteBuffer rest = ByteBuffer.wrap(randomBytes(19, here.capacityBytes()));
        byte[] sent = rest.array();

        while (rest.hasRemaining()) {
            int count = Math.min(rest.remaining(), FRAME_BYTES);
            here.write(rest.slice(rest.position(), count));
            rest.position(rest.position() + count);
        }

        assertArrayEquals(sent, readInSlices(there, sent.length, new Random(20)));
    }

    @Test
    void interruptedThreadWritesTheStatedCapacityAndStaysInterrupted() throws Exception {
        int capacityBytes = here.capacityBytes();
        if (capacityBytes > 0) {
            Thread.currentThread().interrupt();
            here.write(ByteBuffer.allocate(capacityBytes));

            assertTrue(Thread.interrupted());
            readInSlices(there, capacityBytes, new Random(21));
            writeAll(here, new byte[1]);
            assertEquals(1, there.read(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void saysTheSameOfItselfAllItsLife() throws Exception {
        List<Object> first = sayings(here);

        writeAll(here, new byte[1]);
        there.read(ByteBuffer.allocate(1));
        assertEquals(first, sayings(here));

        here.close();
        assertEquals(first, sayings(here));
    }

    private static List<Object> sayings(IpcChannel channel) {
        return List.of(channel.capacityBytes(), channel.parksVirtualThreads(), channel.mayCarryJunk());
    }

    static byte[] randomBytes(long seed, int count) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static Void writeAll(IpcChannel channel, byte[] bytes) throws IOException {
        channel.write(ByteBuffer.wrap(bytes));
        return null;
    }

    static Void writeInSlices(IpcChannel channel, byte[] bytes, Random random) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            int count = Math.min(rest.remaining(), sliceBytes(random));
            channel.write(rest.slice(rest.position(), count));
            rest.position(rest.position() + count);
        }
        return null;
    }

    static byte[] readInSlices(IpcChannel channel, int count, Random random) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < count) {
            ByteBuffer dst = ByteBuffer.allocate(Math.min(count - all.size(), sliceBytes(random)));
            int got = channel.read(dst);
            assertTrue(got > 0, "stream ended after " + all.size() + " of " + count + " bytes");
            assertEquals(got, dst.position());
            all.write(dst.array(), 0, got);
        }
        return all.toByteArray();
    }

    /** Mostly small, at times larger than any buffer on the way. */
    private static int sliceBytes(Random random) {
        return 1 + random.nextInt(1 << random.nextInt(17));
    }

    static <T> FutureTask<T> inThread(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        start(task);
        return task;
    }

    static Thread start(Runnable work) {
        Thread thread = new Thread(work, "contract");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
