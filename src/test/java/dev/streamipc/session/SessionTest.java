package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Note;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SessionTest {

    private final IpcPeer left = IpcPeer.builder().messages(Samples.ALL).build();
    private final IpcPeer right = IpcPeer.builder().messages(Samples.ALL).build();
    private IpcSession parent;
    private IpcSession child;

    @BeforeEach
    void connect() {
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
        parent = left.createSession(pair.left(), Role.PARENT);
        child = right.createSession(pair.right(), Role.CHILD);
    }

    @AfterEach
    void close() {
        left.close();
        right.close();
    }

    @Test
    void requestIsAnswered() {
        child.onRequest(Ask.class, ask -> new Answer(ask.text() + "!"));
        child.start();

        assertEquals(new Answer("hi!"), parent.call(new Ask("hi")));
    }

    @Test
    void bothSidesMayAsk() {
        child.onRequest(Ask.class, ask -> new Answer(child.call(new Ask("back")).text() + ask.text()));
        parent.onRequest(Ask.class, ask -> new Answer(ask.text().toUpperCase(java.util.Locale.ROOT)));
        child.start();

        assertEquals(new Answer("BACKforth"), parent.call(new Ask("forth")));
    }

    @Test
    void handlersExceptionReachesTheCaller() {
        child.onRequest(Ask.class, ask -> {
            throw new IllegalStateException("no");
        });
        child.start();

        RemoteFailure failure = assertThrows(RemoteFailure.class, () -> parent.call(new Ask("hi")));
        assertEquals("java.lang.IllegalStateException", failure.remoteType());
        assertEquals("no", failure.remoteMessage());
    }

    @Test
    void requestThatIsCancelledBeforeItsTurnIsNeverStarted() throws Exception {
        List<String> started = new CopyOnWriteArrayList<>();
        CountDownLatch release = new CountDownLatch(1);
        child.onRequest(Ask.class, ask -> {
            started.add(ask.text());
            release.await();
            return new Answer(ask.text());
        });
        child.start();
        CompletableFuture<Answer> first = parent.request(new Ask("first"));
        CompletableFuture<Answer> cancelled = parent.request(new Ask("cancelled"));
        CompletableFuture<Answer> last = parent.request(new Ask("last"));
        parent.flush(Duration.ofSeconds(10));

        cancelled.cancel(true);
        parent.flush(Duration.ofSeconds(10));
        release.countDown();

        first.join();
        last.join();
        assertEquals(List.of("first", "last"), started);
    }

    @Test
    void requestWithoutHandlerIsRejected() {
        child.start();

        Rejected failure = assertThrows(Rejected.class, () -> parent.call(new Ask("hi")));
        assertEquals(Rejected.Reason.UNHANDLED, failure.reason());
    }

    @Test
    void notificationsKeepTheirOrder() throws Exception {
        List<Integer> seen = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(10_000);
        child.onMessage(Note.class, note -> {
            seen.add(note.number());
            all.countDown();
        });
        child.start();

        for (int i = 0; i < 10_000; i++) {
            parent.notify(new Note(i));
        }
        assertTrue(all.await(10, TimeUnit.SECONDS));
        for (int i = 0; i < 10_000; i++) {
            assertEquals(i, seen.get(i));
        }
    }

    @Test
    void manyCallsAtOnceAreAllAnswered() {
        child.onRequest(Ask.class, ask -> new Answer(ask.text()));
        child.start();

        List<CompletableFuture<Answer>> calls = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            calls.add(parent.request(new Ask("" + i)));
        }
        for (int i = 0; i < calls.size(); i++) {
            assertEquals("" + i, calls.get(i).join().text());
        }
    }

    @Test
    void flushWaitsUntilEverythingWasDecoded() throws Exception {
        child.start();
        parent.notify(new Note(7));
        parent.flush(Duration.ofSeconds(5));

        assertEquals(new Note(7), child.receive(Duration.ZERO).orElseThrow());
    }

    @Test
    void tickForRunsHandlersOnThisThreadAndTellsTheEnd() throws Exception {
        List<Thread> threads = new ArrayList<>();
        child.onMessage(Note.class, note -> threads.add(Thread.currentThread()));
        Thread sending = new Thread(() -> parent.notify(new Note(1)));
        sending.start();

        boolean open = true;
        while (threads.isEmpty()) {
            open = child.tickFor(Duration.ofMillis(20));
        }
        left.close();

        assertTrue(open);
        assertEquals(List.of(Thread.currentThread()), threads);
        assertTrue(child.awaitClosed(Duration.ofSeconds(10)));
        assertFalse(child.tick(Duration.ZERO));
        sending.join();
    }

    @Test
    void receiveIsEmptyWhenTheTimeIsUpAndWhenTheSessionHasEnded() throws Exception {
        child.onMessage(Ask.class, ask -> {});

        assertTrue(child.receive(Duration.ofMillis(1)).isEmpty());
        parent.notify(new Note(1));
        parent.notify(new Note(2));
        assertEquals(new Note(1), child.receive(Duration.ofSeconds(5)).orElseThrow());
        parent.close();
        assertEquals(new Note(2), child.receive(Duration.ofSeconds(5)).orElseThrow());
        assertTrue(child.receive(Duration.ofSeconds(5)).isEmpty());
    }

    @Test
    void firstHandlerThatAnswersWinsAndPausedOnesAreLeftOut() {
        child.onRequest(Ask.class, ask -> ask.text().equals("mine") ? new Answer("first") : null);
        Subscription second = child.onRequest(Ask.class, ask -> new Answer("second"));
        child.onRequest(Ask.class, ask -> new Answer("third"));
        child.start();

        assertEquals("first", parent.call(new Ask("mine")).text());
        assertEquals("second", parent.call(new Ask("other")).text());
        second.pause();
        assertEquals("third", parent.call(new Ask("other")).text());
        second.resume();
        assertEquals("second", parent.call(new Ask("other")).text());
        second.close();
        assertEquals("third", parent.call(new Ask("other")).text());
    }

    @Test
    void broadcastTellsWhatBecameOfItInEachSession() {
        child.start();
        List<BroadcastResult> results = left.broadcast(new Note(1));

        assertEquals(
                List.of(parent), results.stream().map(BroadcastResult::session).toList());
        assertTrue(results.get(0).refusal().isEmpty());
        parent.close();
        assertEquals(List.of(), left.broadcast(new Note(2)));
    }
}
