package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.UnixSockets;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.StartFailed;
import dev.streamipc.serial.TypeRegistry;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Strangers that come to a socket. */
@Timeout(60)
class SessionListenerTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private final IpcPeer server = IpcPeer.builder()
            .messages(Samples.ALL)
            .closeLimit(Duration.ofSeconds(1))
            .build();
    private final IpcPeer client = IpcPeer.builder()
            .messages(Samples.ALL)
            .closeLimit(Duration.ofSeconds(1))
            .build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Path path;
    private SessionListener listener;

    @BeforeEach
    void listen() {
        path = folder.resolve("home/x.sock");
        listener = server.listenUnix(path);
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        client.close();
        server.close();
    }

    private Future<?> serveOn(int sessions) {
        return threads.submit(() -> {
            for (int i = 0; i < sessions; i++) {
                IpcSession session = listener.accept(LONG).orElseThrow();
                session.onRequest(Ask.class, ask -> new Answer(ask.text() + "!"));
                session.start();
            }
            return null;
        });
    }

    @Test
    void strangersOfThisUserGetSessions() throws Exception {
        Future<?> serving = serveOn(3);

        for (int i = 0; i < 3; i++) {
            IpcSession session = client.createUnixSession(path);
            assertEquals(i + "!", session.call(new Ask("" + i)).text());
        }

        serving.get();
        assertEquals(0, listener.turnedAway());
        assertEquals(3, server.sessions().size());
    }

    @Test
    void filesAreOpenToTheirOwnerAlone() throws IOException {
        assertEquals("rwx------", mode(path.getParent()));
        assertEquals("rw-------", mode(path));
        assertEquals("rw-------", mode(path.resolveSibling("x.sock.token")));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void manyAtOnceAllComeInThoughATokenIsGoodForOne() throws Exception {
        int many = 24;
        Future<?> serving = serveOn(many);
        List<Future<String>> answers = new ArrayList<>();

        for (int i = 0; i < many; i++) {
            int number = i;
            answers.add(threads.submit(() ->
                    client.createUnixSession(path).call(new Ask("" + number)).text()));
        }

        for (int i = 0; i < many; i++) {
            assertEquals(i + "!", answers.get(i).get());
        }
        serving.get();
    }

    private FakeSide knock(String token) throws IOException {
        IpcChannel channel = UnixSockets.connect(path);
        FakeSide side = FakeSide.on(channel, Role.CHILD);
        side.send(
                Kind.HELLO,
                0,
                0,
                new Hello(
                                1,
                                1,
                                Role.CHILD,
                                "fake",
                                List.of("json"),
                                TypeRegistry.of(FakeSide.TYPES).entries(),
                                1 << 20,
                                FakeSide.SALT,
                                List.of(),
                                token)
                        .toJson());
        return side;
    }

    private String token() throws IOException {
        return Files.readString(path.resolveSibling("x.sock.token"));
    }

    @Test
    void wrongTokenIsTurnedAwayAndHearsNothing() throws Exception {
        for (String wrong : new String[] {"", "0".repeat(64), token().substring(1), token() + "0", null}) {
            FakeSide side = knock(wrong);

            side.awaitEnd();
            assertTrue(side.rest().isEmpty());
        }
        Eventually.await("all are counted", () -> listener.turnedAway() == 5);
        assertTrue(server.sessions().isEmpty());
        assertFalse(listener.accept(Duration.ZERO).isPresent());
    }

    @Test
    void tokenIsGoodOnce() throws Exception {
        String token = token();
        FakeSide first = knock(token);
        first.await(Kind.HELLO);

        FakeSide second = knock(token);

        second.awaitEnd();
        assertFalse(token.equals(token()));
        assertTrue(listener.accept(LONG).isPresent());
    }

    @Test
    void thoseThatSayNothingKeepNobodyOut() throws Exception {
        List<SocketChannel> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 500; i++) {
                silent.add(SocketChannel.open(UnixDomainSocketAddress.of(path)));
            }
            Future<?> serving = serveOn(1);
            long start = System.nanoTime();

            assertEquals("x!", client.createUnixSession(path).call(new Ask("x")).text());

            assertTrue(System.nanoTime() - start < 10_000_000_000L);
            serving.get();
            Eventually.await("the rest was cut", () -> listener.turnedAway() >= 500 - SessionListener.MAX_NEWCOMERS);
        } finally {
            for (SocketChannel channel : silent) {
                channel.close();
            }
        }
    }

    @Test
    void garbageIsTurnedAway() throws Exception {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            channel.write(java.nio.ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes()));

            assertEquals(-1, channel.read(java.nio.ByteBuffer.allocate(100)));
        }
        Eventually.await("it is counted", () -> listener.turnedAway() == 1);
    }

    @Test
    void livingOwnersSocketIsNeverTouched() {
        StartFailed failed = assertThrows(StartFailed.class, () -> client.listenUnix(path));

        assertTrue(String.valueOf(failed.getMessage()).contains("socket is in use"), failed.getMessage());
        serveOn(1);
        assertEquals("x!", client.createUnixSession(path).call(new Ask("x")).text());
    }

    @Test
    void closeRemovesItsFilesAndThePathIsFreeAgain() throws Exception {
        listener.close();

        assertEquals(List.of(), files());
        assertFalse(listener.accept(LONG).isPresent());
        StartFailed failed = assertThrows(StartFailed.class, () -> client.createUnixSession(path));
        assertTrue(String.valueOf(failed.getMessage()).contains("does a listener"), failed.getMessage());

        listener = server.listenUnix(path);
        serveOn(1);
        assertEquals("x!", client.createUnixSession(path).call(new Ask("x")).text());
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(path.getParent())) {
            return files.toList();
        }
    }

    @Test
    void closeOfThePeerClosesItsListeners() throws Exception {
        server.close();

        assertEquals(List.of(), files());
    }

    @Test
    void folderThatIsOpenToOthersIsRefusedWithTheWayOut() throws Exception {
        Path open = Files.createDirectory(folder.resolve("open"));
        for (String mode : List.of("rwxr-x---", "rwxrwxrwx", "rwx--x---", "rwx---r--")) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(mode));

            StartFailed failed = assertThrows(StartFailed.class, () -> server.listenUnix(open.resolve("y.sock")));

            assertTrue(String.valueOf(failed.getMessage()).contains("mode=" + mode), failed.getMessage());
            assertTrue(String.valueOf(failed.getMessage()).contains("0700"), failed.getMessage());
        }
    }

    @Test
    void pathThatIsTooLongIsRefusedWithTheWayOut() {
        Path longer = folder.resolve("home").resolve("x".repeat(120));

        StartFailed failed = assertThrows(StartFailed.class, () -> server.listenUnix(longer));
        assertTrue(String.valueOf(failed.getMessage()).contains("maxBytes=107"), failed.getMessage());
        assertTrue(String.valueOf(failed.getMessage()).contains("choose a shorter one"), failed.getMessage());
    }

    @Test
    void whatIsNoSocketIsNeverRemoved() throws Exception {
        Path file = path.resolveSibling("precious");
        Files.writeString(file, "data");

        assertThrows(StartFailed.class, () -> server.listenUnix(file));

        assertEquals("data", Files.readString(file));
    }
}
