package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.Phase;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The deadline of a request as its handler sees it, under time that the test moves. */
@Timeout(30)
class HandlerDeadlineTest {

    private static final long ID = Long.MIN_VALUE | 1;
    private static final Duration A_BIT = Duration.ofNanos(1);
    private static final int LIMIT_MILLIS = 500;

    private final HandClock clock = new HandClock();
    private final IpcPeer peer = IpcPeer.builder()
            .messages(Samples.ALL)
            .deadline(Duration.ofMinutes(1))
            .scheduler(clock)
            .build();
    private IpcSession session;
    private FakeSide caller;

    @BeforeEach
    void connect() throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 20, true);
        session = peer.createSession(pair.left(), Role.PARENT);
        caller = FakeSide.on(pair.right(), Role.CHILD);
        caller.hello().ready("reader");
    }

    @AfterEach
    void close() throws Exception {
        caller.close();
        peer.close();
    }

    private void ask(long id, int timeLeftMillis) throws Exception {
        caller.send(Kind.REQUEST, 0, id, FakeSide.asked(Ask.class, timeLeftMillis, "{\"text\":\"x\"}"));
    }

    @Test
    void deadlineCancelsTheHandlerExactlyWhenItsCallerHasGivenUp() throws Exception {
        CompletableFuture<Cancellation> signal = new CompletableFuture<>();
        CompletableFuture<String> told = new CompletableFuture<>();
        CountDownLatch release = new CountDownLatch(1);
        session.onRequest(Ask.class, (ask, context) -> {
            context.cancellation()
                    .onCancel(
                            () -> told.complete(context.cancellation().reason().orElseThrow()));
            signal.complete(context.cancellation());
            release.await();
            context.cancellation().throwIfCancelled();
            return new Answer("never");
        });
        session.start();
        ask(ID, LIMIT_MILLIS);
        Cancellation cancellation = signal.get(10, TimeUnit.SECONDS);

        // the time left travels in whole milliseconds, so the caller may still wait for most of one more
        clock.advance(Duration.ofMillis(LIMIT_MILLIS + 1).minus(A_BIT));
        assertFalse(cancellation.isCancelled());
        clock.advance(A_BIT);

        assertEquals("deadline passed", told.get(10, TimeUnit.SECONDS));
        assertTrue(cancellation.isCancelled());
        release.countDown();
        FakeSide.Seen failure = caller.await(Kind.FAILURE);
        assertEquals("DeadlinePassed", failure.json().get("failure"));
        assertEquals("RUNNING", failure.json().get("phase"));
    }

    @Test
    void handlerThatIsDoneLeavesNoTimerBehind() throws Exception {
        session.onRequest(Ask.class, (ask, context) -> {
            context.cancellation();
            return new Answer("done");
        });
        session.start();
        caller.await(Kind.READY);
        // what stays is the one look whether writing stalls
        Eventually.await("the start is watched no more", () -> clock.waiting() == 1);

        ask(ID, LIMIT_MILLIS);
        caller.await(Kind.REPLY);

        assertEquals(1, clock.waiting());
    }

    @Test
    void timeLeftCountsDownToZeroAndIsADayWithoutADeadline() throws Exception {
        CompletableFuture<List<Duration>> limited = new CompletableFuture<>();
        session.onRequest(Ask.class, (ask, context) -> {
            Duration before = context.timeLeft();
            clock.advance(Duration.ofMillis(LIMIT_MILLIS - 100));
            Duration then = context.timeLeft();
            clock.advance(Duration.ofMillis(200));
            limited.complete(List.of(before, then, context.timeLeft()));
            return new Answer(context.timeLeft().toString());
        });
        session.start();
        ask(ID, LIMIT_MILLIS);

        assertEquals(
                List.of(Duration.ofMillis(LIMIT_MILLIS), Duration.ofMillis(100), Duration.ZERO),
                limited.get(10, TimeUnit.SECONDS));
        ask(ID + 1, -1);
        assertTrue(caller.await(Kind.REPLY).text().contains("PT0S"));
        assertTrue(caller.await(Kind.REPLY).text().contains(CallOptions.MAX_DEADLINE.toString()));
    }

    @Test
    void whatAHandlerAsksGetsTheRestOfItsTimeWhateverItsOptionsSay() throws Exception {
        session.onRequest(Ask.class, (ask, context) -> {
            clock.advance(Duration.ofMillis(100));
            session.request(new Ask("default"));
            session.request(new Ask("long"), CallOptions.deadline(Duration.ofMinutes(5)));
            session.request(new Ask("short"), CallOptions.deadline(Duration.ofMillis(50)));
            return new Answer("done");
        });
        session.start();
        ask(ID, LIMIT_MILLIS);

        assertEquals(400, timeLeftMillis(caller.await(Kind.REQUEST)));
        assertEquals(400, timeLeftMillis(caller.await(Kind.REQUEST)));
        assertEquals(50, timeLeftMillis(caller.await(Kind.REQUEST)));
        caller.await(Kind.REPLY);
    }

    private static int timeLeftMillis(FakeSide.Seen request) {
        return java.nio.ByteBuffer.wrap(request.payload()).getInt(2);
    }

    @Test
    void handlerWithoutTimeAsksNothing() throws Exception {
        CompletableFuture<CompletableFuture<Answer>> asked = new CompletableFuture<>();
        session.onRequest(Ask.class, (ask, context) -> {
            clock.advance(Duration.ofMillis(LIMIT_MILLIS));
            asked.complete(session.request(new Ask("too late")));
            return new Answer("done");
        });
        session.start();
        ask(ID, LIMIT_MILLIS);
        CompletableFuture<Answer> call = asked.get(10, TimeUnit.SECONDS);

        assertTrue(call.isDone());
        Throwable failure = assertThrows(CompletionException.class, call::join).getCause();
        assertEquals(
                Phase.QUEUED, assertInstanceOf(DeadlinePassed.class, failure).phase());
        caller.await(Kind.READY);
        assertEquals(Kind.REPLY, caller.next().kind());
    }

    @Test
    void handlersDeadlineEndsWithTheHandler() throws Exception {
        session.onRequest(Ask.class, ask -> new Answer("done"));
        session.onMessage(Samples.Note.class, note -> session.request(new Ask("unbound")));
        session.start();
        ask(ID, LIMIT_MILLIS);
        caller.await(Kind.REPLY);

        caller.send(Kind.NOTIFY, 0, 0, FakeSide.typed(Samples.Note.class, "{\"number\":1}"));

        assertEquals(60_000, timeLeftMillis(caller.await(Kind.REQUEST)));
    }
}
