package dev.streamipc.channel;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class NioSocketChannelTest extends WakingChannelContract implements HalfCloseContract, ParkingContract {

    @TempDir
    Path directory;

    private int connections;
    private SocketChannel accepted;

    @Override
    public Ends connect() throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s" + connections++));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            SocketChannel client = SocketChannel.open(address);
            accepted = server.accept();
            return new Ends(NioChannel.of(client, client), NioChannel.of(accepted, accepted));
        }
    }

    @Override
    public void endOutputOfThere() throws IOException {
        accepted.shutdownOutput();
    }
}
