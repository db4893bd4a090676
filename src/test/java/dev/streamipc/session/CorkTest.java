package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of a batch leave together, but a slow handler holds no finished answer back. */
@Timeout(30)
class CorkTest {

    @ParameterizedTest
    @ValueSource(strings = {"executor", "ticker"})
    void slowHandlerDoesNotHoldBackAFinishedAnswer(String drive) throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
        try (IpcPeer left = IpcPeer.builder().messages(Samples.ALL).build();
                IpcPeer right = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession parent = left.createSession(pair.left(), Role.PARENT);
            IpcSession child = right.createSession(pair.right(), Role.CHILD);
            child.onRequest(Ask.class, ask -> {
                if (ask.text().equals("gate")) {
                    gate.await();
                } else if (ask.text().equals("slow")) {
                    assertTrue(answered.await(10, TimeUnit.SECONDS), "the quick answer was held back");
                }
                return new Answer(ask.text());
            });
            drive(child, drive);
            CompletableFuture<Answer> first = parent.request(new Ask("gate"));
            CompletableFuture<Answer> quick = parent.request(new Ask("quick"));
            CompletableFuture<Answer> slow = parent.request(new Ask("slow"));
            parent.flush(Duration.ofSeconds(10));
            gate.countDown();

            assertEquals("gate", first.join().text());
            assertEquals("quick", quick.join().text());
            assertFalse(slow.isDone());
            answered.countDown();
            assertEquals("slow", slow.join().text());
        }
    }

    private static void drive(IpcSession session, String how) {
        if (how.equals("executor")) {
            session.start();
            return;
        }
        Thread ticker = new Thread(
                () -> {
                    boolean open = true;
                    while (open) {
                        open = tick(session);
                    }
                },
                "test-ticker");
        ticker.setDaemon(true);
        ticker.start();
    }

    private static boolean tick(IpcSession session) {
        try {
            return session.tick(Duration.ofMillis(100));
        } catch (InterruptedException interrupted) {
            return false;
        }
    }
}
