package dev.streamipc.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** Words that the other side can't have written end the channel, and nothing else: no read beyond, no crash, no wait for ever. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class SharedMemoryDamageTest {

    private static final int RING_BYTES = 4_096;
    private static final int UP_WRITTEN = 2_048;
    private static final int DOWN_READ = 1_024 + 128;
    private static final int UP_SLEEPS = 2_048 + 256;

    @TempDir
    Path directory;

    private FileChannel file;
    private ByteBuffer bytes;
    private IpcChannel parent;
    private SharedMemoryChannel child;

    @BeforeEach
    void meet() throws IOException {
        SharedMemoryHost host = SharedMemoryHost.openIn(directory, directory, RING_BYTES);
        Path path = SharedMemoryChannel.fileBeside(host.listener().path());
        file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        bytes = file.map(MapMode.READ_WRITE, 0, file.size()).order(ByteOrder.nativeOrder());
        child = SharedMemoryChannel.connect(host.listener().path());
        parent = host.channel();
        child.write(ByteBuffer.allocate(1));
        parent.read(ByteBuffer.allocate(1));
    }

    @AfterEach
    void part() throws IOException {
        parent.close();
        child.close();
        file.close();
    }

    @Test
    void positionsThatCantBeEndTheRead() {
        for (long written : new long[] {0, -1, 1 + RING_BYTES + 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            bytes.putLong(UP_WRITTEN, written);

            IOException failure = assertThrows(IOException.class, () -> parent.read(ByteBuffer.allocate(10)));

            assertEquals(
                    "shared memory is damaged: word=written, value=" + written
                            + ", least=1, most=4097; find out who else writes to it",
                    failure.getMessage());
            assertThrows(IOException.class, () -> parent.availableBytes());
        }
    }

    @Test
    void positionsThatCantBeEndTheWrite() {
        for (long read : new long[] {-1, RING_BYTES + 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            bytes.putLong(DOWN_READ, read);

            IOException failure =
                    assertThrows(IOException.class, () -> parent.write(ByteBuffer.allocate(RING_BYTES + 1)));

            assertTrue(failure.getMessage().startsWith("shared memory is damaged: word=read, value=" + read));
        }
    }

    @Test
    void wordOfSleepThatSomebodyClearsIsGotOver() throws Exception {
        FutureTask<Integer> read = new FutureTask<>(() -> parent.read(ByteBuffer.allocate(10)));
        Eventually.awaitBlocked(IpcChannelContract.start(read));

        bytes.putLong(UP_SLEEPS, 0);
        child.write(ByteBuffer.allocate(3));

        assertEquals(3, read.get());
    }

    @Test
    void positionThatSomebodySetsBackIsPutRight() throws Exception {
        child.write(ByteBuffer.allocate(RING_BYTES));
        FutureTask<Void> write = new FutureTask<>(() -> IpcChannelContract.writeAll(child, new byte[1]));
        Eventually.awaitBlocked(IpcChannelContract.start(write));
        ByteBuffer all = ByteBuffer.allocate(RING_BYTES);
        bytes.putLong(2_048 + 384, 0);
        parent.read(all);
        bytes.putLong(2_048 + 128, 1);

        assertEquals(1, parent.read(ByteBuffer.allocate(1)));

        write.get();
    }

    /** Where the JVM throws is its own affair, so it is done in one that has nothing else to do. */
    @Test
    void fileThatIsCutShortEndsTheChannelAndNotTheProcess() throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CutShortMain.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, process.waitFor(), said);
        assertTrue(said.contains("read: shared memory is gone: cause="), said);
        assertTrue(said.endsWith("alive\n"), said);
    }
}
