package dev.streamipc.channel;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class NioSocketChannelTest extends WakingChannelContract {

    @TempDir
    Path directory;

    @Override
    Ends connect() throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            SocketChannel client = SocketChannel.open(address);
            SocketChannel accepted = server.accept();
            return new Ends(NioChannel.of(client, client), NioChannel.of(accepted, accepted));
        }
    }
}
