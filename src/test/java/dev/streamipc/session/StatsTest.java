package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Note;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The numbers of a session. */
@Timeout(60)
class StatsTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final SessionStats.Calls NO_CALLS = new SessionStats.Calls(0, 0, 0, 0, 0);

    private final IpcPeer peer = IpcPeer.builder()
            .messages(Samples.ALL)
            .limits(new Limits(1 << 20, 100, 1 << 20, 2, 1 << 20, 2))
            .build();
    private final MemoryChannel.Pair pair = MemoryChannel.pair(1 << 16, true);

    @AfterEach
    void close() {
        peer.close();
    }

    private IpcSession parentOf(CountDownLatch go) {
        IpcSession child = peer.createSession(pair.right(), Role.CHILD);
        child.onRequest(Ask.class, ask -> {
            go.await();
            if (ask.text().equals("fail")) {
                throw new IllegalStateException("as told");
            }
            return new Answer(ask.text());
        });
        child.start();
        return peer.createSession(pair.left(), Role.PARENT);
    }

    private IpcSession other(IpcSession session) {
        return peer.sessions().stream()
                .filter(other -> other != session)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void callsAreCountedByTheirOutcome() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        IpcSession parent = parentOf(go);
        assertEquals(NO_CALLS, parent.stats().calls());

        CompletableFuture<Answer> first = parent.request(new Ask("a"));
        CompletableFuture<Answer> cancelled = parent.request(new Ask("b"));
        assertEquals(2, parent.stats().calls().inFlight());
        Eventually.await(
                "both requests are there", () -> other(parent).stats().in().requests() == 2);
        cancelled.cancel(true);
        parent.flush(LIMIT);
        go.countDown();
        first.join();
        assertThrows(RemoteFailure.class, () -> parent.call(new Ask("fail")));
        assertThrows(Rejected.class, () -> parent.call(new Ask("x".repeat(2 << 20))));

        assertEquals(new SessionStats.Calls(1, 3, 0, 0, 0), parent.stats().calls());
        assertEquals(3, other(parent).stats().in().requests());
    }

    @Test
    void answerToACancelledCallIsLate() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        IpcSession child = peer.createSession(pair.right(), Role.CHILD);
        child.onRequest(Ask.class, ask -> {
            entered.countDown();
            go.await();
            return new Answer("late");
        });
        child.start();
        IpcSession parent = peer.createSession(pair.left(), Role.PARENT);

        CompletableFuture<Answer> call = parent.request(new Ask("a"));
        entered.await();
        call.cancel(true);
        go.countDown();

        Eventually.await("late answer", () -> parent.stats().calls().lateAnswers() == 1);
        assertEquals(new SessionStats.Calls(0, 1, 0, 1, 0), parent.stats().calls());
    }

    @Test
    void framesAndBytesOfBothSidesAgree() throws Exception {
        IpcSession parent = parentOf(new CountDownLatch(0));
        IpcSession child = other(parent);
        parent.call(new Ask("a"));
        parent.notify(new Note(1));
        parent.flush(LIMIT);

        // what was read may not be counted as written for a moment
        Eventually.await("all is written", () -> queued(parent) == 0 && queued(child) == 0);
        SessionStats.Out sent = parent.stats().out();
        // HELLO, READY, REQUEST, NOTIFY, PING
        assertEquals(new SessionStats.Out(5, sent.bytes(), 1, 0, 0), sent);
        assertEquals(
                new SessionStats.In(5, sent.bytes(), 1, 1, 0, 1, 0, 0, 0),
                child.stats().in());
        assertEquals(child.stats().out().frames(), parent.stats().in().frames());
        assertEquals(child.stats().out().bytes(), parent.stats().in().bytes());
    }

    private static long queued(IpcSession session) {
        return session.stats().out().queuedBytes();
    }

    @Test
    void whatWaitsAndWhatIsDroppedIsCounted() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        IpcSession parent = parentOf(go);
        IpcSession child = other(parent);
        parent.request(new Ask("blocks"));
        Eventually.await(
                "the handler runs",
                () -> child.stats().in().requests() == 1 && child.stats().in().waiting() == 0);
        CompletableFuture<Answer> waits = parent.request(new Ask("waits"));
        for (int i = 0; i < 5; i++) {
            parent.notify(new Note(i));
        }
        parent.flush(LIMIT);

        SessionStats.In in = child.stats().in();
        assertEquals(1, in.waiting());
        assertEquals(2, in.waitingForReceive());
        assertEquals(5, in.notifications());
        assertEquals(3, in.droppedNotifications());
        go.countDown();
        waits.join();
    }

    @Test
    void junkAndDamageAreCounted() throws Exception {
        IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
        try (FakeSide other = FakeSide.on(pair.right(), Role.CHILD)) {
            parent.start();
            other.hello().ready("reader");
            byte[] bad = other.frame(Kind.NOTIFY, 0, 0, new byte[9]);
            bad[bad.length - 1] ^= 1;
            other.sendRaw(bad);
            other.sendRaw("boo\n".getBytes(StandardCharsets.UTF_8));

            // what is left of a damaged frame is junk: 9 bytes of payload, 4 of its checksum
            Eventually.await("junk", () -> parent.stats().in().junkBytes() == 4 + 9 + 4);
            assertEquals(1, parent.stats().in().damagedFrames());
        }
    }

    @Test
    void refusalsWithoutRoomAreCounted() throws Exception {
        IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
        try (FakeSide other = FakeSide.on(pair.right(), Role.CHILD)) {
            parent.start();
            other.hello();
            byte[] ofNoType = {-1, -1, 0, 0, 0, 0};
            // it is not ready, so that nothing leaves, and each refusal takes some of the 8 MiB for control frames
            for (long id = 0; id < 100_000; id++) {
                other.send(Kind.REQUEST, 0, Long.MIN_VALUE | id, ofNoType);
            }

            Eventually.await("a refusal is dropped", () -> parent.stats().out().droppedRejections() > 0);
            assertTrue(queued(parent) > 1 << 20, () -> parent.stats().toString());
        }
    }

    @Test
    void pageNamesEachNumber() throws Exception {
        List<String> rows = Files.readAllLines(Path.of("docs/WATCHING.md"));
        for (RecordComponent part : SessionStats.class.getRecordComponents()) {
            String numbers = Arrays.stream(part.getType().getRecordComponents())
                    .map(number -> "`" + number.getName() + "`")
                    .collect(Collectors.joining(", "));
            assertTrue(rows.contains("| `" + part.getName() + "` | " + numbers + " |"), numbers);
        }
    }

    @Test
    void endedSessionStillTellsAndNothingWaits() throws IOException {
        pair.right().close();
        IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
        CompletableFuture<Answer> call = parent.request(new Ask("never"));
        call.handle((answer, failure) -> failure).join();
        parent.close();

        assertEquals(new SessionStats.Calls(0, 1, 0, 0, 0), parent.stats().calls());
        assertEquals(0, parent.stats().out().queuedBytes());
        assertTrue(parent.stats().out().frames() > 0);
    }
}
