package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a handler hears of a request that nobody waits for any more, frame by frame. */
@Timeout(30)
class CancellationTest {

    private static final long ID = Long.MIN_VALUE | 1;
    private static final int NO_DEADLINE = -1;

    private final IpcPeer peer = IpcPeer.builder()
            .messages(Samples.ALL)
            .closeLimit(Duration.ofSeconds(5))
            .build();
    private IpcSession session;
    private FakeSide caller;

    @BeforeEach
    void connect() {
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 20, true);
        session = peer.createSession(pair.left(), Role.PARENT);
        caller = FakeSide.on(pair.right(), Role.CHILD);
    }

    @AfterEach
    void close() throws Exception {
        caller.close();
        peer.close();
    }

    private void open(String how) throws Exception {
        caller.hello().ready("reader");
        if (how.equals("pump")) {
            Thread pump = new Thread(session::serve, "test-pump");
            pump.setDaemon(true);
            pump.start();
        } else {
            session.start();
        }
        caller.await(Kind.READY);
    }

    private void ask(long id, int timeLeftMillis) throws Exception {
        caller.send(Kind.REQUEST, 0, id, FakeSide.asked(Ask.class, timeLeftMillis, "{\"text\":\"x\"}"));
    }

    /** Waits until all that was sent before has been read. */
    private void awaitRead() throws Exception {
        caller.send(Kind.PING, 0, ID, new byte[0]);
        caller.await(Kind.PONG);
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(10, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader", "pump"})
    void cancelReachesAHandlerThatLooksAndItsAnswerIsStillSent(String how) throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        session.onRequest(Ask.class, (ask, context) -> {
            Cancellation cancellation = context.cancellation();
            assertFalse(cancellation.isCancelled() || cancellation.reason().isPresent());
            entered.countDown();
            Eventually.await("cancelled", cancellation::isCancelled);
            return new Answer(cancellation.reason().orElseThrow());
        });
        open(how);
        ask(ID, NO_DEADLINE);
        await(entered);

        caller.send(Kind.CANCEL, ID, "no need");

        FakeSide.Seen answer = caller.await(Kind.REPLY);
        assertEquals(ID, answer.id());
        assertTrue(answer.text().endsWith("{\"text\":\"no need\"}"), answer.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader", "pump"})
    void handlerThatIsBlockedIsInterruptedIfItChoseThat(String how) throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        session.onRequest(Ask.class, (ask, context) -> {
            context.cancellation().interruptHandler();
            entered.countDown();
            new CountDownLatch(1).await();
            return new Answer("never");
        });
        open(how);
        ask(ID, NO_DEADLINE);
        await(entered);

        caller.send(Kind.CANCEL, ID, "");

        assertEquals(
                "java.lang.InterruptedException",
                caller.await(Kind.FAILURE).json().get("type"));
    }

    @Test
    void handlerThatIgnoresTheCancelGoesOn() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        session.onRequest(Ask.class, ask -> {
            entered.countDown();
            release.await();
            return new Answer("done all the same");
        });
        open("reader");
        ask(ID, NO_DEADLINE);
        await(entered);

        caller.send(Kind.CANCEL, ID, "");
        awaitRead();
        assertEquals(List.of(), caller.rest());
        release.countDown();

        assertTrue(caller.await(Kind.REPLY).text().contains("done all the same"));
    }

    @Test
    void throwIfCancelledThrowsTheReasonAsTheJdkNamesIt() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        session.onRequest(Ask.class, (ask, context) -> {
            context.cancellation().throwIfCancelled();
            entered.countDown();
            Eventually.await("cancelled", context.cancellation()::isCancelled);
            context.cancellation().throwIfCancelled();
            return new Answer("never");
        });
        open("reader");
        ask(ID, NO_DEADLINE);
        await(entered);

        caller.send(Kind.CANCEL, ID, "no need");

        FakeSide.Seen failure = caller.await(Kind.FAILURE);
        assertEquals(
                "java.util.concurrent.CancellationException", failure.json().get("type"));
        assertEquals("no need", failure.json().get("message"));
    }

    @Test
    void cancelThatCameBeforeTheHandlerAskedIsKnown() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        session.onRequest(Ask.class, (ask, context) -> {
            entered.countDown();
            asked.await();
            return new Answer(context.cancellation().reason().orElse("not cancelled"));
        });
        open("reader");
        ask(ID, NO_DEADLINE);
        await(entered);
        caller.send(Kind.CANCEL, ID, "early");
        awaitRead();
        asked.countDown();

        assertTrue(caller.await(Kind.REPLY).text().contains("early"));
    }

    @Test
    void actionsRunOnceInOrderOnTheCallbackThreadAndHarmNobody() throws Exception {
        List<String> ran = new CopyOnWriteArrayList<>();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch late = new CountDownLatch(1);
        session.onRequest(Ask.class, (ask, context) -> {
            Cancellation cancellation = context.cancellation();
            cancellation.onCancel(() -> ran.add("1 " + Thread.currentThread().getName()));
            cancellation.onCancel(() -> {
                throw new IllegalStateException("harmless");
            });
            cancellation.onCancel(() -> ran.add("2"));
            entered.countDown();
            Eventually.await("both ran", () -> ran.size() == 2);
            cancellation.onCancel(() -> {
                ran.add("3");
                late.countDown();
            });
            await(late);
            return new Answer("done");
        });
        open("reader");
        ask(ID, NO_DEADLINE);
        await(entered);

        caller.send(Kind.CANCEL, ID, "a");
        caller.send(Kind.CANCEL, ID, "b");
        caller.await(Kind.REPLY);

        assertEquals(3, ran.size(), ran::toString);
        assertTrue(ran.get(0).startsWith("1 streamipc-callback"), ran::toString);
        assertEquals(List.of("2", "3"), ran.subList(1, 3));
    }

    @Test
    void nothingIsCancelledOnceTheHandlerHasReturned() throws Exception {
        CompletableFuture<Cancellation> kept = new CompletableFuture<>();
        List<String> ran = new CopyOnWriteArrayList<>();
        session.onRequest(Ask.class, (ask, context) -> {
            context.cancellation().onCancel(() -> ran.add("stray"));
            kept.complete(context.cancellation());
            return new Answer("done");
        });
        open("reader");
        ask(ID, NO_DEADLINE);
        caller.await(Kind.REPLY);

        caller.send(Kind.CANCEL, ID, "late");
        awaitRead();
        kept.join().onCancel(() -> ran.add("stray too"));

        assertFalse(kept.join().isCancelled());
        caller.close();
        assertTrue(session.awaitClosed(Duration.ofSeconds(10)));
        assertFalse(kept.join().isCancelled());
        assertEquals(List.of(), ran);
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader", "pump"})
    void noInterruptOutlastsItsHandler(String how) throws Exception {
        List<Long> strays = new CopyOnWriteArrayList<>();
        session.onRequest(Ask.class, (ask, context) -> {
            if (Thread.interrupted()) {
                strays.add(1L);
            }
            context.cancellation().interruptHandler();
            return new Answer("at once");
        });
        open(how);

        for (int i = 1; i <= 1_000; i++) {
            ask(Long.MIN_VALUE | i, NO_DEADLINE);
            caller.send(Kind.CANCEL, Long.MIN_VALUE | i, "");
        }
        awaitRead();
        ask(Long.MIN_VALUE | 5_000, NO_DEADLINE);
        long last = caller.await(Kind.REPLY).id();
        while (last != (Long.MIN_VALUE | 5_000)) {
            last = caller.await(Kind.REPLY).id();
        }

        assertEquals(List.of(), strays);
    }

    @Test
    void endOfTheStreamCancelsWhatRuns() throws Exception {
        CompletableFuture<String> reason = new CompletableFuture<>();
        CountDownLatch entered = new CountDownLatch(1);
        session.onRequest(Ask.class, (ask, context) -> {
            context.cancellation()
                    .onCancel(() ->
                            reason.complete(context.cancellation().reason().orElseThrow()));
            entered.countDown();
            reason.join();
            return new Answer("nobody hears");
        });
        open("reader");
        ask(ID, NO_DEADLINE);
        await(entered);

        caller.close();

        assertTrue(reason.get(10, TimeUnit.SECONDS).startsWith("session closed"), reason.join());
    }

    @Test
    void callerThatSaysGoodbyeCancelsWhatRunsForIt() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        session.onRequest(Ask.class, (ask, context) -> {
            Cancellation cancellation = context.cancellation();
            entered.countDown();
            Eventually.await("cancelled", cancellation::isCancelled);
            return new Answer(cancellation.reason().orElseThrow());
        });
        open("reader");
        ask(ID, NO_DEADLINE);
        await(entered);

        caller.send(Kind.GOODBYE, 0, "{\"reason\":\"CLOSED\",\"text\":\"bye\",\"lastStarted\":null}");

        assertTrue(caller.await(Kind.REPLY).text().contains("bye"));
        caller.awaitEnd();
    }

    @Test
    void closeOfThisSideLetsTheHandlerAnswer() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        session.onRequest(Ask.class, (ask, context) -> {
            Cancellation cancellation = context.cancellation();
            entered.countDown();
            release.await();
            return new Answer(cancellation.reason().orElse("not cancelled"));
        });
        open("reader");
        ask(ID, NO_DEADLINE);
        await(entered);

        session.beginClose();
        caller.await(Kind.GOODBYE);
        caller.send(Kind.GOODBYE, 0, "{\"reason\":\"CLOSED\",\"text\":\"bye\",\"lastStarted\":null}");
        awaitRead();
        release.countDown();

        assertTrue(caller.await(Kind.REPLY).text().contains("not cancelled"));
    }

    @Test
    void requestThatIsHeardAsANotificationHasNobodyToTell() throws Exception {
        CompletableFuture<Duration> left = new CompletableFuture<>();
        session.onRequest(Ask.class, (ask, context) -> {
            context.progress(new Answer("to nobody"));
            assertFalse(context.cancellation().isCancelled());
            left.complete(context.timeLeft());
            return null;
        });
        open("reader");

        caller.send(Kind.NOTIFY, 0, 0, FakeSide.typed(Ask.class, "{\"text\":\"x\"}"));

        assertEquals(CallOptions.MAX_DEADLINE, left.get(10, TimeUnit.SECONDS));
        awaitRead();
        assertEquals(List.of(), caller.rest());
    }
}
