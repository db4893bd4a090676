package dev.streamipc.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** Three methods are a channel: holds the one that users can copy to what a channel promises. */
class TcpChannelTest extends WakingChannelContract implements HalfCloseContract, ParkingContract {

    private TcpChannel accepted;

    @Override
    public Ends connect() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 1, loopback)) {
            TcpChannel client = TcpChannel.over(new Socket(loopback, server.getLocalPort()));
            accepted = TcpChannel.over(server.accept());
            return new Ends(client, accepted);
        }
    }

    @Override
    public void endOutputOfThere() throws IOException {
        accepted.endOutput();
    }

    @Test
    void statesNoCapacityAndCarriesNoJunk() {
        assertEquals(0, here.capacityBytes());
        assertFalse(here.mayCarryJunk());
    }
}
