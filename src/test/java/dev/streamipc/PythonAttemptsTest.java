package dev.streamipc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.streamipc.message.Attachment;
import dev.streamipc.message.Message;
import dev.streamipc.message.MessageName;
import dev.streamipc.message.Request;
import dev.streamipc.message.StreamRequest;
import dev.streamipc.message.UploadRequest;
import dev.streamipc.process.Child;
import dev.streamipc.process.ChildChannel;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Upload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Attempt and key between Java and Python, whoever asks and whoever is the parent. */
@Timeout(120)
class PythonAttemptsTest {

    private static final CallOptions LONG = CallOptions.deadline(Duration.ofSeconds(30));
    private static final String KEY = "order 17, g\u00FCltig \uD83D\uDE42";

    private static final String TYPES = """
            import os, sys
            from typing import Optional
            from streamipc import *

            KEY = "order 17, g\\u00fcltig \\U0001f642"

            @message
            class Work:
                text: str
                data: Optional[Attachment] = None

            @message
            class Listing:
                parts: int

            @message
            class Bringing:
                name: str

            @message
            class Seen:
                attempt: int
                key: str
                size: int

            def ask_all(session):
                def seen(found, attempt, size):
                    assert (found.attempt, found.key, found.size) == (attempt, KEY, size), vars(found)
                plain = session.call(Work("x"))
                assert (plain.attempt, plain.key, plain.size) == (1, "", 1), vars(plain)
                for size in (0, 1, 70000, 3000000):
                    data = Attachment(b"d" * size)
                    seen(session.call(Attempt(Work("t" * size), 3, KEY)), 3, size)
                    seen(session.call(Attempt(Work("t" * size, data), 65535, KEY)), 65535, 2 * size)
                with session.stream(Attempt(Listing(2), 4, KEY), parts=Seen) as parts:
                    for number, part in enumerate(parts):
                        seen(part, 4, number)
                brought = (Seen(0, "", size) for size in (30, 4))
                seen(session.upload(Attempt(Bringing("b" * 100000), 5, KEY), brought), 5, 34)

            """;

    private static final String CHILD = TYPES + """
            session = Session.stdio()

            def seen(call, size):
                return Seen(call.attempt, call.key or "", size)

            @session.on_request(Work)
            def work(work, call):
                if work.text == "you":
                    ask_all(session)
                return seen(call, len(work.text) + len(work.data or b""))

            @session.on_request(Listing)
            def parts(listing, call):
                for number in range(listing.parts):
                    yield seen(call, number)

            @session.on_upload(Bringing)
            def bring(bringing, parts, call):
                return seen(call, sum(part.size for part in parts))

            session.serve()
            """;

    private static final String PARENT = TYPES + """
            command = [sys.argv[1], "-Xmx256m", "-Xlog:disable", "-Xlog:all=warning:stderr", "-cp", os.environ["CHILD_CLASS_PATH"],
                       "dev.streamipc.session.AttemptChild", "json"]
            with Session.spawn(command, start_timeout=60) as child:
                ask_all(child)
            print("all is well")
            """;

    @MessageName("Work")
    record Work(String text, Attachment data) implements Request<Seen> {}

    @MessageName("Listing")
    record Listing(int parts) implements StreamRequest<Seen> {}

    @MessageName("Bringing")
    record Bringing(String name) implements UploadRequest<Seen, Seen> {}

    @MessageName("Seen")
    record Seen(int attempt, String key, int size) implements Message {}

    @ParameterizedTest
    @EnumSource(ChildChannel.class)
    void pythonChildReadsAndSaysThem(ChildChannel channel, @TempDir Path folder) throws IOException {
        Path script = Files.writeString(folder.resolve("child.py"), CHILD);
        try (IpcPeer peer = IpcPeer.builder()
                .messages(Work.class, Listing.class, Bringing.class, Seen.class)
                .build()) {
            IpcSession child = peer.spawn(Child.python(script).over(channel));
            answer(child);
            assertEquals(new Seen(1, "", 1), child.call(new Work("x", null), LONG));
            for (int size : new int[] {0, 1, 70_000, 3_000_000}) {
                Work work = new Work("t".repeat(size), Attachment.of(new byte[size]));
                assertEquals(new Seen(3, KEY, 2 * size), child.call(work, LONG.attempt(3, KEY)));
                assertEquals(
                        new Seen(65_535, KEY, size),
                        child.call(new Work(work.text(), null), LONG.attempt(65_535, KEY)));
            }
            List<Seen> parts = new ArrayList<>();
            child.stream(new Listing(2), LONG.attempt(4, KEY)).forEach(parts::add);
            assertEquals(List.of(new Seen(4, KEY, 0), new Seen(4, KEY, 1)), parts);
            Upload<Seen, Seen> upload = child.upload(new Bringing("b"), LONG.attempt(5, KEY));
            upload.send(new Seen(0, "", 34));
            assertEquals(new Seen(5, KEY, 34), upload.finish());

            assertEquals(new Seen(6, KEY, 3), child.call(new Work("you", null), LONG.attempt(6, KEY)));
        }
    }

    private static void answer(IpcSession session) {
        session.onRequest(Work.class, (work, context) -> {
            int size = work.data() == null ? 0 : work.data().lengthBytes();
            return new Seen(
                    context.attempt(), context.key().orElse(""), work.text().length() + size);
        });
        session.onStream(Listing.class, (listing, parts) -> {
            for (int i = 0; i < listing.parts(); i++) {
                parts.send(new Seen(
                        parts.context().attempt(), parts.context().key().orElse(""), i));
            }
        });
        session.onUpload(Bringing.class, (bringing, parts, context) -> {
            int size = 0;
            for (Seen part : parts) {
                size += part.size();
            }
            return new Seen(context.attempt(), context.key().orElse(""), size);
        });
    }

    @Test
    void pythonParentSaysThemToAJavaChild(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("parent.py"), PARENT);
        Map<String, String> environment = Map.of(
                "PYTHONPATH", Path.of("python/src").toAbsolutePath().toString(),
                "CHILD_CLASS_PATH", System.getProperty("java.class.path"));
        String python = Interpreter.found().get(0).executable();
        String java = ProcessHandle.current().info().command().orElseThrow();

        Outcome outcome =
                Outcome.of(Duration.ofSeconds(60), folder, environment, List.of(python, "-B", file.toString(), java));

        assertEquals(0, outcome.exitCode(), outcome::output);
        assertEquals("all is well", outcome.output().lines().reduce("", (first, second) -> second));
    }
}
