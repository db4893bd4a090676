package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Blob;
import dev.streamipc.session.Samples.Note;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is sent before the other side has said HELLO is bound too, and leaves afterwards. */
@Timeout(60)
class BeforeHelloTest {

    private static final int LIMIT_BYTES = 20_000;
    private static final int TEXT_BYTES = 1_000;
    private static final Ask ASK = new Ask("x".repeat(TEXT_BYTES));

    private final MemoryChannel.Pair pair = MemoryChannel.pair(1 << 20, true);
    private final FakeSide child = FakeSide.on(pair.right(), Role.CHILD);
    private IpcPeer peer;
    private IpcSession parent;

    private void open(Limits limits, WhenFull policy) {
        peer = IpcPeer.builder()
                .messages(Samples.ALL)
                .limits(limits)
                .whenFull(policy)
                .closeLimit(Duration.ofMillis(300))
                .build();
        parent = peer.createSession(pair.left(), Role.PARENT);
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
        child.close();
    }

    private int offer(int count) {
        int accepted = 0;
        for (int i = 0; i < count; i++) {
            accepted += parent.request(ASK).isDone() ? 0 : 1;
        }
        return accepted;
    }

    @Test
    void messagesThatWaitForItAreBoundInBytesAndAllAcceptedOnesLeave() throws Exception {
        open(Limits.DEFAULT.withMaxOutboundBytes(LIMIT_BYTES), WhenFull.REJECT);

        int accepted = offer(100);

        assertTrue(
                accepted <= LIMIT_BYTES / TEXT_BYTES + 1 && accepted > LIMIT_BYTES / TEXT_BYTES / 2,
                "accepted=" + accepted);
        Rejected refused = assertThrows(Rejected.class, () -> parent.notify(new Note(1)));
        assertEquals(Rejected.Reason.QUEUE_FULL, refused.reason());
        child.hello().ready("reader");
        for (int i = 0; i < accepted; i++) {
            child.await(Kind.REQUEST);
        }
    }

    @Test
    void smallestBoundHoldsOneMessageAndThatLeaves() throws Exception {
        open(Limits.DEFAULT.withMaxOutboundBytes(1), WhenFull.REJECT);

        assertEquals(1, offer(3));
        child.hello().ready("reader");
        child.await(Kind.REQUEST);
    }

    @Test
    void messageOverOurOwnLimitCountsAsThatMuchAndFreesItsRoom() throws Exception {
        open(Limits.DEFAULT.withMaxOutboundBytes(LIMIT_BYTES), WhenFull.REJECT);
        CompletableFuture<?> tooLarge = parent.request(new Blob(new byte[17 << 20]));

        assertEquals(0, offer(1), "the large one takes all room");
        child.hello();
        assertThrows(CompletionException.class, tooLarge::join);
        child.ready("reader");
        Eventually.await("room for another", () -> offer(1) == 1);
    }

    @Test
    void barrierPassesWhatIsFullAndTheGoodbyeToo() throws Exception {
        open(Limits.DEFAULT.withMaxOutboundBytes(1), WhenFull.REJECT);
        offer(2);
        assertThrows(DeadlinePassed.class, () -> parent.flush(Duration.ofMillis(100)));
        CompletableFuture<Duration> barrier = parent.ping(Duration.ofSeconds(20));
        child.hello().ready("reader");

        child.send(Kind.PONG, 0, child.await(Kind.PING).id(), new byte[0]);
        barrier.get(20, TimeUnit.SECONDS);
        parent.beginClose();
        child.await(Kind.GOODBYE);
    }

    @Test
    void whoWaitsGoesOnAfterTheHello() throws Exception {
        open(Limits.DEFAULT.withMaxOutboundBytes(1), WhenFull.WAIT);
        parent.notify(new Note(1));
        FutureTask<Object> waiting = waitingNotify();
        child.hello().ready("reader");

        waiting.get(20, TimeUnit.SECONDS);
        assertTrue(child.await(Kind.NOTIFY).text().contains("1"));
        assertTrue(child.await(Kind.NOTIFY).text().contains("2"));
    }

    @Test
    void closeEndsTheWait() throws Exception {
        open(Limits.DEFAULT.withMaxOutboundBytes(1), WhenFull.WAIT);
        parent.notify(new Note(1));
        FutureTask<Object> waiting = waitingNotify();
        parent.beginClose();

        ExecutionException failed = assertThrows(ExecutionException.class, () -> waiting.get(20, TimeUnit.SECONDS));
        assertInstanceOf(SessionClosed.class, failed.getCause());
    }

    private FutureTask<Object> waitingNotify() throws Exception {
        FutureTask<Object> task = new FutureTask<>(() -> {
            parent.notify(new Note(2));
            return true;
        });
        Thread thread = new Thread(task, "test-waiter");
        thread.setDaemon(true);
        thread.start();
        Eventually.awaitBlocked(thread);
        return task;
    }

    @Test
    void goodbyePassesNoNotificationThatWaits() throws Exception {
        open(Limits.DEFAULT, WhenFull.REJECT);
        parent.notify(new Note(1));
        parent.notify(new Note(2));
        parent.beginClose();
        child.hello().ready("reader");

        List<Kind> seen = new ArrayList<>();
        for (Kind kind = child.next().kind();
                kind != Kind.GOODBYE;
                kind = child.next().kind()) {
            seen.add(kind);
        }

        seen.removeAll(List.of(Kind.HELLO, Kind.READY));
        assertEquals(List.of(Kind.NOTIFY, Kind.NOTIFY), seen);
    }

    @Test
    void barrierPassesNoNotificationThatWaits() throws Exception {
        open(Limits.DEFAULT, WhenFull.REJECT);
        parent.notify(new Note(1));
        parent.ping(Duration.ofSeconds(30));
        child.hello().ready("reader");

        Kind first = child.next().kind();
        while (first != Kind.NOTIFY && first != Kind.PING) {
            first = child.next().kind();
        }

        assertEquals(Kind.NOTIFY, first);
    }
}
