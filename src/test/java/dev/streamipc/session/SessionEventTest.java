package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.ExitReport;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import dev.streamipc.message.ProtocolError;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.message.SessionClosed.Who;
import dev.streamipc.message.StartFailed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What observers are told. */
@Timeout(60)
class SessionEventTest {

    @Test
    void orderlyEndSaysWhoClosed() throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 16);
        try (IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build()) {
            IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
            IpcSession child = peer.createSession(pair.right(), Role.CHILD);
            BlockingQueue<SessionEvent> parents = new LinkedBlockingQueue<>();
            BlockingQueue<SessionEvent> childs = new LinkedBlockingQueue<>();
            parent.events(parents::add);
            child.events(childs::add);
            child.start();
            parent.start();
            parent.ping(Duration.ofSeconds(10)).join();

            parent.close();

            assertEquals("Closed[closed by this side: close was called]", lastOf(parents));
            assertEquals("Closed[closed by the other side: close was called]", lastOf(childs));
        }
    }

    @Test
    void whoHearsOfTheEndFindsTheSessionClosed() throws Exception {
        MemoryChannel.Pair pair = MemoryChannel.pair(1 << 16);
        // tells on the thread that ends the session, so before anything behind the telling is done
        try (IpcPeer peer = IpcPeer.builder().callbackExecutor(Runnable::run).build()) {
            IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
            BlockingQueue<Boolean> closed = new LinkedBlockingQueue<>();
            parent.events(event -> {
                if (event instanceof SessionEvent.Closed) {
                    closed.add(parent.isClosed());
                }
            });
            parent.start();

            pair.right().close();

            assertEquals(true, closed.poll(10, TimeUnit.SECONDS));
        }
    }

    private static String lastOf(BlockingQueue<SessionEvent> events) throws InterruptedException {
        SessionEvent event = events.poll(10, TimeUnit.SECONDS);
        while (event != null && !(event instanceof SessionEvent.Closed)) {
            event = events.poll(10, TimeUnit.SECONDS);
        }
        return String.valueOf(event);
    }

    @Test
    void everyEndHasItsReason() {
        ExitReport report = new ExitReport(
                7,
                OptionalInt.of(137),
                Optional.of("SIGKILL"),
                "",
                Duration.ofMillis(12),
                3,
                1,
                Optional.empty(),
                List.of());

        assertEquals(
                "no goodbye came: the stream ended",
                reason(new SessionClosed(Phase.QUEUED, Who.STREAM, "the stream ended")));
        assertEquals("child died: " + report.summary(), reason(new ChildDied(Phase.QUEUED, report)));
        assertEquals(
                "protocol error: second hello, offsetBytes=42",
                reason(new ProtocolError(Phase.QUEUED, "second hello", 42, "fac1")));
        assertEquals("start failed: no luck", reason(new StartFailed("no luck", List.of(), null, null)));
    }

    private static String reason(IpcFailure why) {
        return new SessionEvent.Closed(why).reason();
    }
}
