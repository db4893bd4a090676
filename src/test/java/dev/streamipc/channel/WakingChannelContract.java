package dev.streamipc.channel;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** What a channel does on top if a close wakes the threads that are blocked on it. */
abstract class WakingChannelContract extends IpcChannelContract {

    @Test
    void closeEndsABlockedReadHere() throws Exception {
        FutureTask<Integer> read = blocked(() -> here.read(ByteBuffer.allocate(10)));

        here.close();

        assertFailed(read);
    }

    @Test
    void closeEndsABlockedWriteHere() throws Exception {
        FutureTask<Void> write = blocked(() -> writeForEver(here));

        here.close();

        assertFailed(write);
    }

    @Test
    void closeEndsABlockedWriteOnTheOtherSide() throws Exception {
        FutureTask<Void> write = blocked(() -> writeForEver(there));

        here.close();

        assertFailed(write);
    }

    private static <T> FutureTask<T> blocked(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Eventually.awaitBlocked(start(task));
        return task;
    }

    private static Void writeForEver(IpcChannel channel) throws IOException {
        while (true) {
            writeAll(channel, new byte[4 * MIB]);
        }
    }

    private static void assertFailed(FutureTask<?> task) {
        ExecutionException failure = assertThrows(ExecutionException.class, task::get);
        assertInstanceOf(IOException.class, failure.getCause());
    }
}
