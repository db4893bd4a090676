package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.NioChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The other side ends its direction without a goodbye: perhaps it still reads. */
class HalfCloseTest {

    private static final int MANY = 100;

    @TempDir
    private Path folder;

    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private Pipe toSession;
    private Pipe fromSession;
    private FakeSide other;

    @BeforeEach
    void open() throws IOException {
        toSession = Pipe.open();
        fromSession = Pipe.open();
        other = FakeSide.on(NioChannel.of(fromSession.source(), toSession.sink()), Role.PARENT);
    }

    @AfterEach
    void close() throws IOException {
        go.countDown();
        toSession.sink().close();
        fromSession.source().close();
    }

    private IpcChannel own() {
        return NioChannel.of(toSession.source(), fromSession.sink());
    }

    /** A session whose handler waits, and that has been asked so many times. */
    private IpcSession asked(IpcPeer peer, int requests) throws Exception {
        IpcSession session = peer.createSession(own(), Role.CHILD);
        session.onRequest(Ask.class, (ask, context) -> {
            context.cancellation().onCancel(cancelled::countDown);
            entered.countDown();
            go.await();
            return new Answer(ask.text());
        });
        other.hello().ready("reader");
        session.start();
        for (int id = 1; id <= requests; id++) {
            other.send(Kind.REQUEST, 0, id, FakeSide.asked(Ask.class, -1, "{\"text\":\"x\"}"));
        }
        entered.await();
        return session;
    }

    @Test
    void repliesThatAreOwedAreDelivered() throws Exception {
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession session = asked(peer, MANY);

            toSession.sink().close();
            go.countDown();

            Set<Long> answered = new HashSet<>();
            for (int i = 0; i < MANY; i++) {
                answered.add(other.await(Kind.REPLY).id());
            }
            assertEquals(MANY, answered.size());
            assertTrue(session.awaitClosed(Duration.ofSeconds(10)));
        }
    }

    @Test
    void callsOfThisSideEndAtOnce() throws Exception {
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession session = asked(peer, 1);
            CompletableFuture<Answer> call = session.request(new Ask("y"));

            toSession.sink().close();

            Throwable failed = call.handle((answer, failure) -> failure).get(10, TimeUnit.SECONDS);
            assertInstanceOf(
                    SessionClosed.class, failed instanceof CompletionException wrapped ? wrapped.getCause() : failed);
            assertFalse(session.isClosed());
            go.countDown();
            other.await(Kind.REPLY);
        }
    }

    @Test
    void handlerIsCancelledWhereNobodyReads() throws Exception {
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession session = asked(peer, 1);

            fromSession.source().close();
            toSession.sink().close();

            assertTrue(cancelled.await(10, TimeUnit.SECONDS));
            assertTrue(session.awaitClosed(Duration.ofSeconds(10)));
        }
    }

    @Test
    void whereNothingIsOwedTheSessionEndsAtOnce() throws Exception {
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession session = peer.createSession(own(), Role.CHILD);
            session.start();
            other.hello().ready("reader");

            toSession.sink().close();

            assertTrue(session.awaitClosed(Duration.ofSeconds(3)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "start", "tick", "python"})
    void childAnswersWhatCameBeforeTheEndOfItsStdin(String drive) throws Exception {
        Path script = Files.writeString(folder.resolve("child.py"), Samples.PYTHON_SESSION + """
                @session.on_request(Ask)
                def ask(ask):
                    return Answer(ask.text)

                session.serve()
                """);
        List<String> words = drive.equals("python")
                ? List.of("python3", script.toString())
                : List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EchoChild.class.getName(),
                        drive);
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment()
                .put("PYTHONPATH", Path.of("python/src").toAbsolutePath().toString());
        Process process = builder.start();
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession session = peer.createProcessSession(process);
            assertEquals("warm", session.call(new Ask("warm")).text());
            new ProcessBuilder("kill", "-STOP", "" + process.pid()).start().waitFor();
            List<CompletableFuture<Answer>> calls = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                calls.add(session.request(new Ask("" + i)));
            }
            Eventually.await("all is written", () -> session.stats().out().queuedBytes() == 0);
            process.getOutputStream().close();
            new ProcessBuilder("kill", "-CONT", "" + process.pid()).start().waitFor();

            for (int i = 0; i < MANY; i++) {
                assertEquals("" + i, calls.get(i).join().text());
            }
        } finally {
            process.destroyForcibly();
        }
    }
}
