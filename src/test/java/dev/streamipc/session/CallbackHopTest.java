package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.Cancelled;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Outcomes whose futures others of the JDK hang on to, which the callback executor gives to the caller. */
@Timeout(30)
class CallbackHopTest {

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicReference<String> thread = new AtomicReference<>("");
    private IpcPeer peer = IpcPeer.builder().build();
    private IpcPeer otherPeer = IpcPeer.builder().build();
    private IpcSession parent;

    private void connect(IpcPeer.Builder builder) {
        peer = builder.messages(Samples.ALL).build();
        otherPeer = IpcPeer.builder().messages(Samples.ALL).build();
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
        parent = peer.createSession(pair.left(), Role.PARENT);
        IpcSession child = otherPeer.createSession(pair.right(), Role.CHILD);
        child.onRequest(Ask.class, ask -> {
            if (ask.text().equals("wait")) {
                release.await();
            }
            return new Answer(ask.text());
        });
        child.start();
    }

    @AfterEach
    void close() {
        release.countDown();
        peer.close();
        otherPeer.close();
    }

    @Test
    void callbackMayWaitForSeveralCallsAtOnce() throws Exception {
        connect(IpcPeer.builder());
        CompletableFuture<String> both = parent.request(new Ask("first")).thenApply(first -> {
            CompletableFuture<Answer> one = parent.request(new Ask("one"));
            CompletableFuture<Answer> two = parent.request(new Ask("two"));
            CompletableFuture.allOf(one, two).join();
            return one.join().text() + two.join().text();
        });

        assertEquals("onetwo", both.get(20, TimeUnit.SECONDS));
    }

    @Test
    void callbackMayWaitForAStageThatIsComposedOfACall() throws Exception {
        connect(IpcPeer.builder());
        CompletableFuture<String> composed = parent.request(new Ask("first"))
                .thenApply(first -> CompletableFuture.completedFuture("second")
                        .thenCompose(text -> parent.request(new Ask(text)))
                        .join()
                        .text());

        assertEquals("second", composed.get(20, TimeUnit.SECONDS));
    }

    @Test
    void deadlineEndsAGroupWhileTheCallbackThreadIsBlocked() throws Exception {
        connect(IpcPeer.builder().deadline(Duration.ofMillis(100)));
        parent.request(new Ask("first")).thenRunAsync(() -> {
            try {
                release.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        CompletableFuture<Answer> held = parent.request(new Ask("wait"));
        CompletableFuture<Object> any = CompletableFuture.anyOf(held);

        assertThrows(java.util.concurrent.ExecutionException.class, () -> any.get(20, TimeUnit.SECONDS));
    }

    @Test
    void executorThatThrowsAnythingLosesNoOutcome() throws Exception {
        Executor broken = task -> {
            throw new IllegalStateException("shut down");
        };
        connect(IpcPeer.builder().callbackExecutor(broken));
        CompletableFuture<Answer> held = parent.request(new Ask("wait"));
        CompletableFuture<Void> all = CompletableFuture.allOf(held);
        CompletableFuture<Void> seen =
                all.thenRun(() -> thread.set(Thread.currentThread().getName()));
        release.countDown();

        seen.get(20, TimeUnit.SECONDS);
        assertEquals("wait", held.join().text());
        assertFalse(thread.get().contains("reader"), thread.get());
        assertEquals("next", parent.call(new Ask("next")).text());
    }

    @Test
    void lookAtACancelledCallSeesThatItIsCancelled() {
        connect(IpcPeer.builder());
        CompletableFuture<Answer> held = parent.request(new Ask("wait"));
        assertEquals(new Answer("not yet"), held.getNow(new Answer("not yet")));
        held.cancel(true);

        CancellationException seen = assertThrows(CancellationException.class, () -> held.getNow(new Answer("")));
        assertInstanceOf(Cancelled.class, seen.getCause());
    }
}
