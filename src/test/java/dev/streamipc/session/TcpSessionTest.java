package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.TcpChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.process.Jvm;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Blob;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions of two JVMs over a channel that a user brings. */
@Timeout(60)
class TcpSessionTest {

    private static final int MANY = 100;
    private static final int ACCEPT_LIMIT_MILLIS = 20_000;

    private final IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build();
    private Process child;
    private TcpChannel channel;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(ACCEPT_LIMIT_MILLIS);
            child = Jvm.of(TcpChild.class, "" + server.getLocalPort()).start();
            channel = TcpChannel.over(server.accept());
        }
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        channel.close();
        child.destroyForcibly();
    }

    private void assertChildEnds() throws InterruptedException {
        assertTrue(child.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, child.exitValue());
    }

    @Test
    void callsAreAnsweredAndTheChildEndsWithItsSession() throws Exception {
        IpcSession session = peer.createSession(channel, Role.PARENT);
        byte[] large = new byte[5 << 20];
        new Random(1).nextBytes(large);

        assertEquals(new Answer("x!"), session.call(new Ask("x")));
        assertArrayEquals(large, session.call(new Blob(large)).bytes());
        session.close();

        assertChildEnds();
    }

    @Test
    void deathOfTheOtherSideEndsItsCalls() throws Exception {
        IpcSession session = peer.createSession(channel, Role.PARENT);
        session.call(new Ask("x"));
        CompletableFuture<Answer> waiting = session.request(new Ask("wait"));

        child.destroyForcibly();

        CompletionException failed = assertThrows(CompletionException.class, waiting::join);
        assertInstanceOf(SessionClosed.class, failed.getCause());
    }

    @Test
    void repliesThatAreOwedToAHalfClosedSideAreDelivered() throws Exception {
        FakeSide other = FakeSide.on(channel, Role.PARENT);
        other.hello().ready("reader");
        for (int id = 1; id <= MANY; id++) {
            String text = id == 1 ? "wait" : "x";
            other.send(Kind.REQUEST, 0, id, FakeSide.asked(Ask.class, -1, "{\"text\":\"" + text + "\"}"));
        }

        channel.endOutput();
        child.getOutputStream().write('\n');
        child.getOutputStream().flush();

        Set<Long> answered = new HashSet<>();
        for (int i = 0; i < MANY; i++) {
            answered.add(other.await(Kind.REPLY).id());
        }
        assertEquals(MANY, answered.size());
        assertChildEnds();
    }
}
