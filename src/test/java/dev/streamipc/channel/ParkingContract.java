package dev.streamipc.channel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** What a channel does that says of itself that it parks virtual threads. */
interface ParkingContract {

    /** The most carriers that a JVM makes up for those that are blocked is 256. */
    int CONNECTIONS = 270;

    IpcChannel here();

    IpcChannelContract.Ends connect() throws Exception;

    @Test
    default void saysThatItParksVirtualThreads() {
        assertTrue(here().parksVirtualThreads());
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    default void virtualThreadsThatReadLeaveRoomForOthers() throws Exception {
        List<IpcChannelContract.Ends> all = new ArrayList<>();
        // no close of the executor: it would wait for readers that are stuck
        ExecutorService virtual = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        try {
            List<Future<Integer>> reads = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                IpcChannelContract.Ends ends = connect();
                all.add(ends);
                reads.add(virtual.submit(() -> ends.here().read(ByteBuffer.allocate(1))));
            }

            assertEquals("ran", virtual.submit(() -> "ran").get(10, SECONDS));

            for (int i = 0; i < CONNECTIONS; i++) {
                IpcChannelContract.writeAll(all.get(i).there(), new byte[1]);
                assertEquals(1, reads.get(i).get());
            }
        } finally {
            for (IpcChannelContract.Ends ends : all) {
                ends.here().close();
                ends.there().close();
            }
        }
    }
}
