package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.process.Child;
import dev.streamipc.process.ChildChannel;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Blob;
import dev.streamipc.session.Samples.BlobBack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Large messages between a Java parent and a Python child, on both of its channels. */
@Timeout(60)
class PythonLargeTest {

    private static final int LARGE_BYTES = 10_000_000;

    /** Asks back once a large request has come, so that large ones are on their way in both directions. */
    private static final String SCRIPT = """
            from streamipc import Session, message

            @message(name="Samples.Ask")
            class Ask:
                text: str

            @message(name="Samples.Answer")
            class Answer:
                text: str

            @message(name="Samples.Blob")
            class Blob:
                bytes: bytes

            @message(name="Samples.BlobBack")
            class BlobBack:
                bytes: bytes

            session = Session.stdio(max_payload_bytes=32 << 20)
            asked = []

            @session.on_request(Ask)
            def small(ask):
                return Answer(ask.text.upper())

            @session.on_request(Blob)
            def large(blob):
                asked.append(session.request(Blob(blob.bytes)))
                return BlobBack(asked[0].result().bytes if len(asked) == 2 else blob.bytes)

            session.serve()
            """;

    @ParameterizedTest
    @EnumSource(ChildChannel.class)
    void largeMessagesPassBothWaysWhileSmallCallsGoOn(ChildChannel channel, @TempDir Path folder) throws IOException {
        Path script = Files.writeString(folder.resolve("child.py"), SCRIPT);
        byte[] bytes = new byte[LARGE_BYTES];
        new Random(1).nextBytes(bytes);
        try (IpcPeer peer = IpcPeer.builder()
                .messages(Samples.ALL)
                .limits(Limits.DEFAULT.withMaxPayloadBytes(32 << 20))
                .build()) {
            IpcSession child = peer.spawn(Child.python(script).over(channel));
            child.onRequest(Blob.class, blob -> new BlobBack(blob.bytes()));
            CallOptions limit = CallOptions.deadline(Duration.ofSeconds(40));
            CompletableFuture<BlobBack> first = child.request(new Blob(bytes), limit);
            CompletableFuture<BlobBack> second = child.request(new Blob(bytes), limit);
            int calls = 0;
            while (!first.isDone()) {
                assertEquals(new Answer("SMALL"), child.call(new Ask("small"), limit));
                calls++;
            }

            assertArrayEquals(bytes, first.join().bytes());
            assertArrayEquals(bytes, second.join().bytes());
            assertTrue(calls > 1, "calls=" + calls);
        }
    }
}
