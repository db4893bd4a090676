package dev.streamipc.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import org.junit.jupiter.api.Test;

class NioPipeChannelTest extends WakingChannelContract implements HalfCloseContract, ParkingContract {

    private Pipe toThere;
    private Pipe toHere;

    @Override
    public Ends connect() throws IOException {
        toThere = Pipe.open();
        toHere = Pipe.open();
        return new Ends(NioChannel.of(toHere.source(), toThere.sink()), NioChannel.of(toThere.source(), toHere.sink()));
    }

    @Override
    public void endOutputOfThere() throws IOException {
        toHere.sink().close();
    }

    @Test
    void statesNoCapacityAndCarriesNoJunk() {
        assertEquals(0, here.capacityBytes());
        assertFalse(here.mayCarryJunk());
    }

    @Test
    void refusesANonBlockingEnd() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.sink().configureBlocking(false);

        Exception failure =
                assertThrows(IllegalArgumentException.class, () -> NioChannel.of(pipe.source(), pipe.sink()));

        assertEquals(
                "channel is in non-blocking mode: end=out, call configureBlocking(true) first", failure.getMessage());
        pipe.sink().close();
        pipe.source().close();
    }

    @Test
    void failsRatherThanSpinsOnceAnEndBecameNonBlocking() throws IOException {
        toHere.source().configureBlocking(false);

        IOException failure = assertThrows(IOException.class, () -> here.read(ByteBuffer.allocate(1)));

        assertEquals("channel moved no bytes where it had to block: operation=read", failure.getMessage());
    }
}
