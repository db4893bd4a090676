package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.channel.StreamChannel;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.process.Child;
import dev.streamipc.process.ChildChannel;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Note;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers that look for their own answers: every promise holds as it does without. */
@Timeout(60)
class LowLatencyTest {

    private static final int ROUNDS = 3_000;

    private final IpcPeer peer = IpcPeer.builder()
            .messages(Samples.ALL)
            .closeLimit(Duration.ofSeconds(1))
            .lowLatency()
            .build();
    private final MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
    private final CountDownLatch held = new CountDownLatch(1);
    private IpcSession parent;
    private IpcSession child;

    @AfterEach
    void close() {
        held.countDown();
        peer.close();
    }

    private void connect() {
        parent = peer.createSession(pair.left(), Role.PARENT);
        child = peer.createSession(pair.right(), Role.CHILD);
    }

    private void echo() {
        connect();
        child.onRequest(Ask.class, ask -> new Answer(ask.text()));
        child.start();
        parent.call(new Ask("warm"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "tick", "start"})
    void childIsCalledAgainAndAgainAndItsDeathEndsTheCall(String drive) {
        IpcSession session = peer.spawn(Child.java(EchoChild.class).arguments(drive));
        for (int i = 0; i < ROUNDS; i++) {
            assertEquals("x" + i, session.call(new Ask("x" + i)).text());
        }
        session.processOrThrow().destroyForcibly();

        ChildDied died = assertThrows(ChildDied.class, () -> {
            for (int i = 0; i < 1_000_000; i++) {
                session.call(new Ask("more"));
            }
        });

        assertEquals(137, died.report().exitCode().orElseThrow());
    }

    @Test
    void socketThatCanNotTellWhatHasArrivedIsCalledAsEver() {
        IpcSession session = peer.spawn(Child.java(EchoChild.class).over(ChildChannel.UNIX_SOCKET));

        for (int i = 0; i < 100; i++) {
            assertEquals("x", session.call(new Ask("x")).text());
        }
    }

    @Test
    void manyCallersAndFuturesBesideThem() throws Exception {
        echo();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        Runnable caller = () -> {
            try {
                for (int i = 0; i < ROUNDS; i++) {
                    assertEquals("c" + i, parent.call(new Ask("c" + i)).text());
                    if (i % 10 == 0) {
                        assertEquals("f", parent.request(new Ask("f")).join().text());
                    }
                }
            } catch (Throwable failed) {
                failures.add(failed);
            }
        };
        List<Thread> callers = List.of(new Thread(caller), new Thread(caller), new Thread(caller));

        callers.forEach(Thread::start);
        for (Thread each : callers) {
            each.join();
        }

        assertEquals(List.of(), List.copyOf(failures));
        assertEquals(0, parent.stats().calls().failed());
    }

    @Test
    void deadlineEndsACallThatIsNotAnswered() {
        echo();
        child.onMessage(Note.class, note -> held.await());
        parent.notify(new Note(1));

        for (int i = 0; i < 20; i++) {
            assertThrows(
                    DeadlinePassed.class,
                    () -> parent.call(new Ask("never"), CallOptions.deadline(Duration.ofMillis(3))));
        }
        held.countDown();
        assertEquals("again", parent.call(new Ask("again")).text());
    }

    @Test
    void closeFromAnotherThreadEndsTheCalls() throws Exception {
        echo();
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        CountDownLatch calling = new CountDownLatch(100);
        Thread caller = new Thread(() -> end.complete(assertThrows(SessionClosed.class, () -> {
            while (true) {
                parent.call(new Ask("x"));
                calling.countDown();
            }
        })));
        caller.start();
        assertTrue(calling.await(10, TimeUnit.SECONDS));

        parent.close();

        assertTrue(end.get(10, TimeUnit.SECONDS) instanceof SessionClosed);
        caller.join();
    }

    @Test
    void interruptEndsNoCallAndIsKept() {
        echo();
        Thread.currentThread().interrupt();

        for (int i = 0; i < 100; i++) {
            assertEquals("x", parent.call(new Ask("x")).text());
        }

        assertTrue(Thread.interrupted());
    }

    @Test
    void notificationComesBeforeTheReplyThatFollowsIt() {
        connect();
        Queue<Integer> notes = new ConcurrentLinkedQueue<>();
        child.onRequest(Ask.class, ask -> {
            child.notify(new Note(Integer.parseInt(ask.text())));
            return new Answer(ask.text());
        });
        Set<Thread> handlers = ConcurrentHashMap.newKeySet();
        parent.onMessage(Note.class, note -> {
            handlers.add(Thread.currentThread());
            notes.add(note.number());
        });
        child.start();

        for (int i = 0; i < ROUNDS; i++) {
            parent.call(new Ask(Integer.toString(i)));
        }
        child.flush(Duration.ofSeconds(10));
        parent.flush(Duration.ofSeconds(10));

        assertFalse(handlers.contains(Thread.currentThread()), "a caller that reads runs no handler");
        List<Integer> seen = List.copyOf(notes);
        assertEquals(seen.stream().sorted().toList(), seen);
    }

    @Test
    void childMayAskBackWhileItsCallerLooks() {
        connect();
        parent.onRequest(Ask.class, ask -> new Answer("back " + ask.text()));
        child.onRequest(Ask.class, ask -> child.call(new Ask(ask.text())));
        child.start();

        for (int i = 0; i < ROUNDS / 3; i++) {
            assertEquals("back " + i, parent.call(new Ask(Integer.toString(i))).text());
        }
    }

    @Test
    void dependentsOfOthersNeverRunOnACallerThatReads() {
        echo();
        Set<Thread> dependents = ConcurrentHashMap.newKeySet();

        for (int i = 0; i < ROUNDS / 3; i++) {
            CompletableFuture<Answer> other = parent.request(new Ask("other"));
            CompletableFuture<Void> seen = other.thenAccept(answer -> dependents.add(Thread.currentThread()));
            parent.call(new Ask("mine"));
            seen.join();
        }

        dependents.remove(Thread.currentThread()); // of those that were complete when they were asked
        assertTrue(dependents.stream().allMatch(each -> each.getName().startsWith("streamipc-callback")));
    }

    @Test
    void pairOfStreamsTellsNothingAndProcessesDo() throws Exception {
        IpcChannel streams = StreamChannel.of(new ByteArrayInputStream(new byte[3]), OutputStream.nullOutputStream());
        assertEquals(-1, streams.availableBytes());

        Process process = new ProcessBuilder("echo", "four").start();
        process.waitFor();
        IpcChannel stdout = StreamChannel.ofProcess(process);
        assertEquals(5, stdout.availableBytes());
        stdout.close();

        pair.left().write(ByteBuffer.wrap(new byte[2]));
        assertEquals(2, pair.right().availableBytes());
        assertEquals(0, pair.left().availableBytes());
    }
}
