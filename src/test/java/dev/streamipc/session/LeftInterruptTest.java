package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A handler that leaves its thread interrupted, which many do that catch an interrupt and go on. */
@Timeout(30)
class LeftInterruptTest {

    private final IpcPeer peer = IpcPeer.builder()
            .messages(Samples.ALL)
            .deadline(Duration.ofSeconds(5))
            .build();
    private final IpcPeer otherPeer = IpcPeer.builder().messages(Samples.ALL).build();
    private final CountDownLatch served = new CountDownLatch(1);
    private IpcSession parent;
    private IpcSession child;
    private Thread server;

    private void serve(String who) {
        MemoryChannel.Pair pair = MemoryChannel.pair(65_536);
        parent = peer.createSession(pair.left(), Role.PARENT);
        child = otherPeer.createSession(pair.right(), Role.CHILD);
        child.onRequest(Ask.class, (ask, context) -> {
            boolean before = Thread.currentThread().isInterrupted();
            if (who.equals("reader")) {
                context.cancellation();
            }
            Thread.currentThread().interrupt();
            return new Answer(ask.text() + " " + before);
        });
        server = new Thread(() -> {
            child.serve();
            served.countDown();
        });
        server.setDaemon(true);
        server.start();
    }

    @AfterEach
    void close() {
        peer.close();
        otherPeer.close();
    }

    @Test
    void doesNotEndTheServing() {
        serve("reader");

        for (int i = 0; i < 3; i++) {
            assertEquals(i + " false", parent.call(new Ask("" + i)).text());
        }
        assertEquals(1, served.getCount());
    }

    @Test
    void doesNotReachTheNextHandlerOfAPump() {
        serve("pump");

        for (int i = 0; i < 3; i++) {
            assertEquals(i + " false", parent.call(new Ask("" + i)).text());
        }
    }

    @Test
    void interruptOfAThreadThatWaitsEndsTheServing() throws Exception {
        serve("reader");
        parent.call(new Ask("once"));

        do {
            // one that still finds the handler's thread at the end of its work is the handler's
            server.interrupt();
        } while (!served.await(100, TimeUnit.MILLISECONDS));

        assertTrue(!child.isClosed());
    }
}
