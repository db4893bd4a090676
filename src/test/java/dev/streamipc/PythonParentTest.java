package dev.streamipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.streamipc.message.Message;
import dev.streamipc.message.MessageName;
import dev.streamipc.message.ProtocolError;
import dev.streamipc.message.Request;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.SessionListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Python programs that start a Java child, or come to a Java listener by themselves. */
@Timeout(120)
class PythonParentTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final String TYPES = """
            import os, signal, sys, threading
            from streamipc import *

            @message(name="Samples.Ask")
            class Ask:
                text: str

            @message(name="Samples.Answer")
            class Answer:
                text: str

            @message(name="Samples.Scan")
            class Scan:
                first: Attachment
                second: Attachment

            @message(name="Samples.ScanBack")
            class ScanBack:
                first: Attachment
                second: Attachment

            """;

    private static final String PARENT = TYPES + """
            command = [sys.argv[1], "-Xmx256m", "-Xlog:disable", "-Xlog:all=warning:stderr", "-cp", os.environ["CHILD_CLASS_PATH"],
                       "dev.streamipc.session.EchoChild"]

            with Session.spawn(command, name="echo", start_timeout=60) as child:
                assert child.call(Ask("hello")).text == "hello"
                calls = [child.request(Ask(str(number))) for number in range(1000)]
                assert [call.result().text for call in calls] == [str(number) for number in range(1000)]
                large = "x" * 3000000
                assert child.call(Ask(large)).text == large
                try:
                    child.call(Scan(Attachment(b"1"), Attachment(b"")))
                    assert False, "nobody handles it there"
                except Rejected as rejected:
                    assert rejected.reason == "UNHANDLED" and rejected.certainty is Certainty.NOT_EXECUTED
                child.notify(LogMessage("shutdown"))
                while not child.is_closed():
                    child.request(Ask("still?")).exception()
            assert child.is_closed()

            child = Session.spawn(command, start_timeout=60)
            child.call(Ask("there"))
            os.kill(child._way.process.pid, signal.SIGSTOP)
            while open("/proc/%d/stat" % child._way.process.pid).read().rpartition(")")[2].split()[0] != "T":
                pass
            calls = [child.request(Ask("never"), None) for _ in range(50)]
            os.kill(child._way.process.pid, signal.SIGKILL)
            failures = [call.exception(30) for call in calls]
            assert all(type(failure) is ChildDied for failure in failures), failures
            assert {failure.certainty for failure in failures} == {Certainty.MAYBE_EXECUTED}, failures
            assert failures[0].report.signal == "SIGKILL"
            child.close()
            print("all is well")
            """;

    private static final String ASYNC_PARENT = TYPES + """
            import asyncio
            from streamipc import aio

            @message(name="Streams.Count")
            class Count:
                upTo: int
                bytes: int

            @message(name="Streams.Part")
            class Part:
                number: int
                bytes: bytes

            @message(name="Streams.Sum")
            class Sum:
                name: str

            @message(name="Streams.Total")
            class Total:
                sum: int
                count: int

            command = [sys.argv[1], "-Xmx256m", "-Xlog:disable", "-Xlog:all=warning:stderr", "-cp", os.environ["CHILD_CLASS_PATH"],
                       "dev.streamipc.session.StreamChild"]

            async def ended(child, count):
                while (await child.request(Ask("?"))).text != str(count):
                    pass

            async def main():
                async with await aio.Session.spawn(command, start_timeout=60) as child:
                    assert [part.number async for part in child.stream(Count(500, 300), parts=Part)] == list(range(500))
                    async with child.upload(Sum("up")) as upload:
                        for number in range(500):
                            assert await upload.send(Part(number, b"x" * 300))
                        assert await upload.result() == Total(124750, 500)
                    await ended(child, 2)
                    async for part in child.stream(Count(10 ** 9, 10), parts=Part, deadline=None):
                        if part.number == 99:
                            break
                    await ended(child, 3)

                    async def read():
                        async for part in child.stream(Count(10 ** 9, 10), parts=Part, deadline=None):
                            begun.set()

                    begun = asyncio.Event()
                    reader = asyncio.ensure_future(read())
                    await begun.wait()
                    reader.cancel()
                    await asyncio.gather(reader, return_exceptions=True)
                    await ended(child, 4)
                    upload = child.upload(Sum("left"), deadline=None)
                    await upload.send(Part(0, b""))
                    upload.close()
                    await ended(child, 5)
                print("all is well")

            asyncio.run(main())
            """;

    private static final String STRANGER = TYPES + """
            path = sys.argv[1]

            def failure(action):
                try:
                    action()
                except StartFailed as failed:
                    return str(failed)

            with Session.unix(path) as session:
                session.on_request(Ask, lambda ask: Answer(ask.text + " from Python"))
                session.serve_in_background()
                assert session.call(Ask("x")).text == "x from Python, and Java"
                large = "y" * 300000
                assert session.call(Ask(large)).text.startswith(large)
            assert session.is_closed()
            with Session.unix(path) as session:
                assert session.call(Ask("turn?"), 30)

            assert "no token beside the socket" in failure(lambda: Session.unix(path + "-not-there"))
            with open(path + ".token", "r+") as file:
                text = file.read()
                file.seek(0)
                file.write("0" * 64)
            wrong = failure(lambda: Session.unix(path, start_timeout=20))
            assert "the listener closed the connection without a hello" in wrong, wrong
            print("all is well")
            """;

    private static final String SPOILER = TYPES + """
            with Session.unix(sys.argv[1]) as session:
                os.write(session._way.out_fd, b"warning: x\\n")
                failure = session.request(Ask("?"), None).exception(30)
                assert "bytes that are no frame" in str(failure), failure
            print("all is well")
            """;

    @MessageName("Samples.Ask")
    record Ask(String text) implements Request<Answer> {}

    @MessageName("Samples.Answer")
    record Answer(String text) implements Message {}

    @Test
    void pythonStartsAJavaChildAndLearnsHowItEnded(@TempDir Path folder) throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();

        Outcome outcome = run(folder, PARENT, java);

        assertEquals(0, outcome.exitCode(), outcome::output);
        assertEquals("all is well", outcome.output().lines().reduce("", (first, second) -> second));
    }

    @Test
    void pythonOnAsyncioStreamsWithAJavaChild(@TempDir Path folder) throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();

        Outcome outcome = run(folder, ASYNC_PARENT, java);

        assertEquals(0, outcome.exitCode(), outcome::output);
        assertEquals("all is well", outcome.output().lines().reduce("", (first, second) -> second));
    }

    @Test
    void pythonJoinsAJavaListener(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("home/x.sock");
        try (IpcPeer peer = IpcPeer.builder().messages(Ask.class, Answer.class).build()) {
            SessionListener listener = peer.listenUnix(path);
            CompletableFuture<Outcome> python =
                    CompletableFuture.supplyAsync(() -> outcome(folder, STRANGER, path.toString()));
            for (int i = 0; i < 2; i++) {
                IpcSession session = listener.accept(LIMIT).orElseThrow();
                session.onRequest(
                        Ask.class,
                        ask -> ask.text().equals("x")
                                ? new Answer(session.call(ask).text() + ", and Java")
                                : new Answer(ask.text()));
                session.start();
            }

            Outcome outcome = python.get();

            assertEquals(0, outcome.exitCode(), outcome::output);
            assertEquals("all is well", outcome.output().lines().reduce("", (first, second) -> second));
        }
    }

    @Test
    void junkOnASocketEndsTheSessionAtBothSides(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("home/x.sock");
        try (IpcPeer peer = IpcPeer.builder().messages(Ask.class, Answer.class).build()) {
            SessionListener listener = peer.listenUnix(path);
            CompletableFuture<Outcome> python =
                    CompletableFuture.supplyAsync(() -> outcome(folder, SPOILER, path.toString()));
            IpcSession session = listener.accept(LIMIT).orElseThrow();
            session.start();

            Outcome outcome = python.get();

            assertEquals(0, outcome.exitCode(), outcome::output);
            assertThrows(ProtocolError.class, () -> session.call(new Ask("?")));
        }
    }

    private static Outcome outcome(Path folder, String script, String argument) {
        try {
            return run(folder, script, argument);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Outcome run(Path folder, String script, String argument) throws IOException {
        Path file = Files.writeString(folder.resolve("script.py"), script);
        Map<String, String> environment = Map.of(
                "PYTHONPATH", Path.of("python/src").toAbsolutePath().toString(),
                "CHILD_CLASS_PATH", System.getProperty("java.class.path"));
        String python = Interpreter.found().get(0).executable();
        return Outcome.of(LIMIT, folder, environment, List.of(python, "-B", file.toString(), argument));
    }
}
