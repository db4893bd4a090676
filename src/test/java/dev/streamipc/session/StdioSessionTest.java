package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.ChildDied;
import dev.streamipc.message.LogMessage;
import dev.streamipc.process.Child;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Blob;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StdioSessionTest {

    private final IpcPeer peer = IpcPeer.builder()
            .messages(Samples.ALL)
            .limits(Limits.DEFAULT.withMaxPayloadBytes(80 << 20))
            .build();

    @AfterEach
    void close() {
        peer.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "tick", "start"})
    void childAnswersHoweverItIsDriven(String drive) throws Exception {
        IpcSession session = peer.spawn(Child.java(EchoChild.class).arguments(drive));

        assertEquals(new Answer("hi"), session.call(new Ask("hi")));

        Process process = session.processOrThrow();
        peer.broadcast(new LogMessage("shutdown"));
        assertTrue(process.waitFor(5, TimeUnit.SECONDS));
        assertEquals(0, session.exited().join().exitCode().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "tick", "start"})
    void largeMessagesPassBothWaysAtOnce(String drive) {
        IpcSession session = peer.spawn(Child.java(EchoChild.class).arguments(drive));
        byte[] bytes = new byte[1 << 20];
        new Random(1).nextBytes(bytes);

        List<CompletableFuture<Samples.BlobBack>> calls = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            calls.add(session.request(new Blob(bytes)));
        }
        calls.forEach(call -> assertArrayEquals(bytes, call.join().bytes()));
    }

    @Test
    void deathOfTheChildEndsItsCalls() {
        IpcSession session = peer.spawn(Child.java(EchoChild.class));
        session.call(new Ask("warm"));
        session.processOrThrow().destroyForcibly();

        ChildDied died = assertThrows(ChildDied.class, () -> {
            for (int i = 0; i < 1_000_000; i++) {
                session.call(new Ask("more"));
            }
        });
        assertEquals(137, died.report().exitCode().orElseThrow());
    }
}
