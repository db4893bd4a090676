package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.ChildDied;
import dev.streamipc.message.StartFailed;
import dev.streamipc.process.Child;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SpawnTest {

    private final IpcPeer peer = IpcPeer.builder()
            .messages(Ask.class)
            .startLimit(Duration.ofSeconds(20))
            .closeLimit(Duration.ofSeconds(1))
            .build();

    @AfterEach
    void close() {
        peer.close();
    }

    @Test
    void missingExecutableFailsAtOnceWithThePathTried() {
        StartFailed failure =
                assertThrows(StartFailed.class, () -> peer.spawn(Child.command("/no/such/program", "argument")));

        assertTrue(String.valueOf(failure.getMessage()).contains("/no/such/program"), failure.getMessage());
        assertEquals(0, peer.sessions().size());
    }

    @Test
    void childThatEndsBeforeItsHelloIsReportedWithItsStderr() {
        StartFailed failure = assertThrows(
                StartFailed.class, () -> peer.spawn(Child.command("sh", "-c", "echo out of luck >&2; exit 7")));

        assertEquals(7, failure.report().orElseThrow().exitCode().orElseThrow());
        assertEquals(
                java.util.List.of("out of luck"), failure.report().orElseThrow().lastStderr());
    }

    @Test
    void childThatSpeaksNoProtocolIsStoppedAfterTheStartLimit() throws Exception {
        try (IpcPeer hasty =
                IpcPeer.builder().startLimit(Duration.ofMillis(300)).build()) {
            long start = System.nanoTime();

            StartFailed failure = assertThrows(StartFailed.class, () -> hasty.spawn(Child.command("sleep", "1000")));

            long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(String.valueOf(failure.getMessage()).contains("no hello"), failure.getMessage());
            assertTrue(tookMillis < 5_000, "tookMillis=" + tookMillis);
        }
        assertEquals(
                0, ProcessHandle.current().children().filter(SpawnTest::sleeps).count());
    }

    @Test
    void startLimitOfAChildWinsOverThatOfThePeer() {
        Child deaf = Child.command("sleep", "1000").startLimit(Duration.ofMillis(200));
        try (IpcPeer hasty = IpcPeer.builder()
                .messages(Samples.ALL)
                .startLimit(Duration.ofMillis(1))
                .build()) {
            Child slow = Child.java(EchoChild.class).startLimit(Duration.ofSeconds(20));

            assertEquals(new Answer("hi"), hasty.spawn(slow).call(new Ask("hi")));
        }

        StartFailed failure = assertThrows(StartFailed.class, () -> peer.spawn(deaf));

        assertTrue(String.valueOf(failure.getMessage()).contains("limitMs=200"), failure.getMessage());
    }

    private static boolean sleeps(ProcessHandle process) {
        return process.isAlive() && process.info().command().orElse("").endsWith("/sleep");
    }

    @Test
    void printsBeforeTheHelloAreSkipped(@TempDir Path folder) throws Exception {
        Path script = Files.writeString(folder.resolve("child.py"), """
                print("a banner", flush=True)
                """ + Samples.PYTHON_SESSION + """
                @session.on_request(Ask)
                def handle(ask):
                    print("inside the handler")
                    return Answer(ask.text + " from python")

                session.serve()
                """);
        IpcSession session = peer.spawn(Child.python(script));

        assertEquals(new Answer("hi from python"), session.call(new Ask("hi")));

        session.processOrThrow().destroyForcibly();
        ChildDied died = assertThrows(ChildDied.class, () -> {
            for (int i = 0; i < 1_000_000; i++) {
                session.call(new Ask("more"));
            }
        });
        assertEquals("SIGKILL", died.report().signal().orElseThrow());
    }
}
