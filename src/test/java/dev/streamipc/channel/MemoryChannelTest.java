package dev.streamipc.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class MemoryChannelTest extends WakingChannelContract {

    @Override
    public Ends connect() {
        MemoryChannel.Pair pair = MemoryChannel.pair(4_099);
        return new Ends(pair.left(), pair.right());
    }

    @Test
    void statesItsCapacityAndCarriesNoJunkUnlessToldSo() {
        assertEquals(4_099, here.capacityBytes());
        assertFalse(here.mayCarryJunk());
        assertTrue(MemoryChannel.pair(1, true).right().mayCarryJunk());
    }

    @Test
    void oneByteOverTheCapacityWaitsForAReader() throws Exception {
        here.write(ByteBuffer.allocate(4_099));
        FutureTask<Void> write = new FutureTask<>(() -> writeAll(here, new byte[1]));
        Eventually.awaitBlocked(start(write));

        there.read(ByteBuffer.allocate(1));

        write.get();
    }

    @Test
    void interruptNeitherWakesAReadNorGetsLost() throws Exception {
        Thread.currentThread().interrupt();
        writeAll(here, new byte[1]);

        assertEquals(1, there.read(ByteBuffer.allocate(1)));
        assertTrue(Thread.interrupted());
    }

    @Test
    void refusesACapacityOfNothing() {
        Exception failure = assertThrows(IllegalArgumentException.class, () -> MemoryChannel.pair(0));

        assertEquals("capacity is too small: capacityBytes=0, minimum=1", failure.getMessage());
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
