package dev.streamipc.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessChannelTest extends IpcChannelContract {

    private final CatRelay cats = new CatRelay();

    @TempDir
    Path directory;

    /** A child whose stdin and stdout are carried to two named pipes, which are the other end. */
    @Override
    public Ends connect() throws Exception {
        String up = directory.resolve("up").toString();
        String down = directory.resolve("down").toString();
        assertEquals(0, cats.start("mkfifo", up, down).waitFor());
        Process child = cats.start("sh", "-c", "cat <\"$1\" & exec cat >\"$0\"", up, down);
        FileOutputStream out = new FileOutputStream(down);
        return new Ends(StreamChannel.ofProcess(child), StreamChannel.of(new FileInputStream(up), out));
    }

    @AfterEach
    void endCats() throws InterruptedException {
        cats.end();
    }

    @Test
    void statesOnePipeWriteAsItsCapacityAndMayCarryJunk() {
        assertEquals(4_096, here.capacityBytes());
        assertTrue(here.mayCarryJunk());
    }

    @Test
    void writeOfTheCapacityDoesNotWaitForAChildThatReadsNothing() throws IOException {
        IpcChannel channel = StreamChannel.ofProcess(cats.start("sleep", "60"));

        channel.write(ByteBuffer.allocate(channel.capacityBytes()));

        channel.close();
    }

    @Test
    void closeFreesAWriteThatWaitsForAChildThatWaitsForUs() throws Exception {
        IpcChannel channel = StreamChannel.ofProcess(cats.start("cat"));
        FutureTask<Void> write = new FutureTask<>(() -> writeAll(channel, new byte[MIB]));
        Eventually.awaitBlocked(start(write));

        channel.close();

        assertThrows(ExecutionException.class, write::get);
    }

    @Test
    void closeIsQuietAfterAWriteHasFailed() throws Exception {
        Process child = cats.start("true");
        assertEquals(0, child.waitFor());
        IpcChannel channel = StreamChannel.ofProcess(child);
        assertThrows(IOException.class, () -> writeAll(channel, new byte[10]));

        channel.close();
    }
}
