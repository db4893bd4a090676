package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.LogMessage;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(30)
class EndingTest {

    private final IpcPeer left = builder().build();
    private final IpcPeer right = builder().build();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private MemoryChannel.Pair pair;
    private IpcSession parent;
    private IpcSession child;

    private static IpcPeer.Builder builder() {
        return IpcPeer.builder().messages(Samples.ALL).closeLimit(Duration.ofSeconds(2));
    }

    @BeforeEach
    void connect() {
        pair = MemoryChannel.pair(65_536);
        parent = left.createSession(pair.left(), Role.PARENT);
        child = right.createSession(pair.right(), Role.CHILD);
        child.onRequest(Ask.class, ask -> {
            if (ask.text().equals("wait")) {
                entered.countDown();
                release.await();
            }
            return new Answer(ask.text());
        });
        child.start();
    }

    @AfterEach
    void close() {
        release.countDown();
        left.close();
        right.close();
    }

    private static <T extends IpcFailure> T failureOf(CompletableFuture<?> call, Class<T> type) {
        CompletionException failed = assertThrows(CompletionException.class, call::join);
        return assertInstanceOf(type, failed.getCause());
    }

    @Test
    void closeFailsPendingCalls() throws Exception {
        CompletableFuture<Answer> call = parent.request(new Ask("wait"));
        assertTrue(entered.await(5, TimeUnit.SECONDS));

        parent.beginClose();

        SessionClosed failure = failureOf(call, SessionClosed.class);
        assertEquals(SessionClosed.Who.THIS_SIDE, failure.who());
        assertEquals(Certainty.MAYBE_EXECUTED, failure.certainty());
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void callAfterCloseFailsAtOnceAndWasNotExecuted() {
        parent.close();

        SessionClosed failure = failureOf(parent.request(new Ask("late")), SessionClosed.class);
        assertEquals(Certainty.NOT_EXECUTED, failure.certainty());
        assertThrows(SessionClosed.class, () -> parent.notify(new LogMessage("late")));
    }

    @Test
    void otherSidesCloseAnswersWhatWasStarted() throws Exception {
        CompletableFuture<Answer> started = parent.request(new Ask("wait"));
        assertTrue(entered.await(5, TimeUnit.SECONDS));
        CompletableFuture<Answer> queued = parent.request(new Ask("queued"));
        parent.flush(Duration.ofSeconds(5));

        child.beginClose();
        IpcFailure failure = failureOf(queued, IpcFailure.class);
        release.countDown();

        assertEquals(Certainty.NOT_EXECUTED, failure.certainty());
        assertEquals(new Answer("wait"), started.join());
    }

    @Test
    void endOfTheStreamFailsPendingCalls() throws Exception {
        CompletableFuture<Answer> call = parent.request(new Ask("wait"));
        assertTrue(entered.await(5, TimeUnit.SECONDS));

        pair.right().close();

        SessionClosed failure = failureOf(call, SessionClosed.class);
        assertEquals(SessionClosed.Who.STREAM, failure.who());
    }

    @Test
    void closeIsLegalFromAHandlerAndFromACallback() throws Exception {
        child.onMessage(LogMessage.class, log -> child.close());
        CountDownLatch closed = new CountDownLatch(2);
        parent.events(event -> {
            if (event instanceof SessionEvent.Closed) {
                parent.close();
                closed.countDown();
            }
        });
        child.events(event -> {
            if (event instanceof SessionEvent.Closed) {
                closed.countDown();
            }
        });

        parent.notify(new LogMessage("shutdown"));

        assertTrue(closed.await(5, TimeUnit.SECONDS));
    }

    @Test
    void hundredThreadsMayCloseAtOnce() throws Exception {
        CompletableFuture<Answer> call = parent.request(new Ask("wait"));
        assertTrue(entered.await(5, TimeUnit.SECONDS));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Thread thread = new Thread(i % 2 == 0 ? parent::close : child::close);
            thread.start();
            threads.add(thread);
        }
        release.countDown();
        for (Thread thread : threads) {
            thread.join(10_000);
        }

        assertTrue(call.isDone());
        assertTrue(parent.isClosed() && child.isClosed());
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void handlerThatNeverEndsDelaysCloseByItsLimitOnly() throws Exception {
        parent.request(new Ask("wait"));
        assertTrue(entered.await(5, TimeUnit.SECONDS));
        long start = System.nanoTime();

        child.close();

        long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertTrue(tookMillis < 4_000, "tookMillis=" + tookMillis);
    }

    @Test
    void callbackThatThrowsHarmsNothing() {
        parent.request(new Ask("1")).thenAccept(answer -> {
            throw new IllegalStateException("callback");
        });
        parent.events(event -> {
            throw new IllegalStateException("observer");
        });

        assertEquals("2", parent.call(new Ask("2")).text());
    }

    @Test
    void dependentsDoNotRunOnTheReader() {
        CompletableFuture<String> thread = parent.request(new Ask("1"))
                .thenApply(answer -> Thread.currentThread().getName())
                .thenApply(name -> name + "|" + Thread.currentThread().getName());

        assertTrue(!thread.join().contains("reader"), thread.join());
    }

    @Test
    void dependentsOfManyCallsDoNotRunOnTheReader() throws Exception {
        CompletableFuture<Answer> held = parent.request(new Ask("wait"));
        CompletableFuture<Answer> quick = parent.request(new Ask("quick"));
        CompletableFuture<String> all = new CompletableFuture<>();
        CompletableFuture<Void> both = CompletableFuture.allOf(held, quick);
        both.thenRun(() -> all.complete(Thread.currentThread().getName()));
        release.countDown();

        assertTrue(!all.get(5, TimeUnit.SECONDS).contains("reader"), all.join());
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void endedSessionIsNotHeldByTheTimer() throws Exception {
        WeakReference<Object> channel = new WeakReference<>(openAndClose());

        Eventually.await("the session to be let go", () -> {
            System.gc();
            return channel.get() == null;
        });
    }

    private static Object openAndClose() {
        MemoryChannel.Pair own = MemoryChannel.pair(4_096);
        try (IpcPeer one = builder().build();
                IpcPeer other = builder().build()) {
            IpcSession asking = one.createSession(own.left(), Role.PARENT);
            IpcSession serving = other.createSession(own.right(), Role.CHILD);
            serving.onRequest(Ask.class, ask -> new Answer(ask.text()));
            serving.start();
            asking.call(new Ask("1"));
            asking.flush(Duration.ofSeconds(30));
        }
        return own.left();
    }

    @Test
    void sessionsLeaveNoThreadBehind() throws Exception {
        parent.call(new Ask("1"));
        String mine = parent.name();
        left.close();
        right.close();

        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("streamipc-") && thread.getName().endsWith(mine)) {
                thread.join(10_000);
                assertTrue(!thread.isAlive(), thread.getName());
            }
        }
    }
}
