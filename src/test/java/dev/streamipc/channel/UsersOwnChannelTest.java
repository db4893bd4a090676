package dev.streamipc.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Three methods are a channel: what a user writes to bring a transport of their own. */
class UsersOwnChannelTest extends WakingChannelContract {

    private record TcpChannel(Socket socket) implements IpcChannel {

        @Override
        public int read(ByteBuffer dst) throws IOException {
            int offset = dst.arrayOffset() + dst.position();
            int count = socket.getInputStream().read(dst.array(), offset, dst.remaining());
            dst.position(dst.position() + Math.max(count, 0));
            return count;
        }

        @Override
        public void write(ByteBuffer src) throws IOException {
            int offset = src.arrayOffset() + src.position();
            socket.getOutputStream().write(src.array(), offset, src.remaining());
            src.position(src.limit());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Override
    Ends connect() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 1, loopback)) {
            Socket client = new Socket(loopback, server.getLocalPort());
            return new Ends(new TcpChannel(client), new TcpChannel(server.accept()));
        }
    }

    @Test
    void statesNoCapacityAndCarriesNoJunkByDefault() {
        assertEquals(0, here.capacityBytes());
        assertFalse(here.mayCarryJunk());
    }
}
