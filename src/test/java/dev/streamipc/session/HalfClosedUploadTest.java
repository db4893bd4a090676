package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.TcpChannel;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Kind;
import dev.streamipc.session.Streams.Sum;
import dev.streamipc.session.Streams.Total;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An asker that ends its direction in the midst of a stream that it brings. */
@Timeout(30)
class HalfClosedUploadTest {

    private static final long ID = Long.MIN_VALUE | 5;

    @Test
    void handlerHearsAtOnceThatNoPartCanCome() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket far = new Socket(server.getInetAddress(), server.getLocalPort());
                IpcPeer peer = IpcPeer.builder()
                        .messages(Streams.ALL)
                        .closeLimit(Duration.ofSeconds(60))
                        .build()) {
            IpcSession parent = peer.createSession(TcpChannel.over(server.accept()), Role.PARENT);
            parent.onUpload(Sum.class, (sum, parts, context) -> {
                parts.forEach(part -> {});
                return new Total(0, 0);
            });
            parent.start();
            TcpChannel channel = TcpChannel.over(far);
            FakeSide child =
                    FakeSide.on(channel, Role.CHILD).helloWithFeatures().ready("reader");
            child.await(Kind.READY);
            child.send(Kind.REQUEST, Flags.BRINGS_PARTS, ID, FakeSide.asked(Sum.class, -1, "{\"name\":\"x\"}"));
            child.await(Kind.DEMAND);

            channel.endOutput();

            assertTrue(child.await(Kind.FAILURE).text().contains("no part can come"));
        }
    }
}
