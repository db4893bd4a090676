package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.message.Undecodable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Large messages are decoded beside the thread that reads. */
@Timeout(60)
class LargeDecodingTest {

    private static final int LARGE_BYTES = 1 << 20;
    private static final Duration LONG = Duration.ofSeconds(20);

    /** How often the next large messages are held where they are decoded, and until when. */
    private static final AtomicInteger HELD = new AtomicInteger();

    private static volatile CountDownLatch held = new CountDownLatch(0);
    private static volatile CountDownLatch let = new CountDownLatch(0);

    private static void holdIfLarge(byte[] bytes) {
        if (bytes.length >= LARGE_BYTES && bytes[0] == 1 && HELD.getAndDecrement() > 0) {
            held.countDown();
            try {
                let.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (bytes.length >= LARGE_BYTES && bytes[0] == 2) {
            throw new IllegalArgumentException("no such bytes");
        }
    }

    record Load(byte[] bytes) implements Request<Loaded> {
        Load {
            holdIfLarge(bytes);
        }
    }

    record Loaded(byte[] bytes) implements Message {
        Loaded {
            holdIfLarge(bytes);
        }
    }

    record Small(int number) implements Request<SmallBack> {}

    record SmallBack(int number) implements Message {}

    private final IpcPeer peer =
            IpcPeer.builder().messages(Load.class, Loaded.class, Small.class).build();
    private final MemoryChannel.Pair pair = MemoryChannel.pair(65_536, true);
    private final IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
    private final IpcSession child = peer.createSession(pair.right(), Role.CHILD);

    @AfterEach
    void close() {
        let.countDown();
        peer.close();
        HELD.set(0);
    }

    private void start() {
        child.onRequest(Load.class, load -> new Loaded(new byte[] {5}));
        child.onRequest(Small.class, small -> new SmallBack(small.number()));
        child.start();
        parent.start();
        assertEquals(7, parent.call(new Small(7)).number());
    }

    private static void hold() {
        held = new CountDownLatch(1);
        let = new CountDownLatch(1);
        HELD.set(1);
    }

    private static byte[] large(int first) {
        byte[] bytes = new byte[LARGE_BYTES];
        bytes[0] = (byte) first;
        return bytes;
    }

    /** Made here without being held, and held there. */
    private CompletableFuture<Loaded> sendHeld(Request<Loaded> load) throws InterruptedException {
        hold();
        CompletableFuture<Loaded> call = parent.request(load, CallOptions.deadline(LONG));
        held.await();
        return call;
    }

    /** The child's answer is held where it is decoded, and not where it is made. */
    private void answersLarge() {
        Loaded answer = new Loaded(large(1));
        child.onRequest(Load.class, load -> answer);
    }

    @Test
    void readerGoesOnWhileAnArgumentIsDecoded() throws Exception {
        start();
        CompletableFuture<Loaded> call = sendHeld(new Load(large(1)));

        parent.ping(LONG).join();

        assertFalse(call.isDone());
        let.countDown();
        assertEquals(1, call.join().bytes().length);
    }

    @Test
    void smallCallsGoOnWhileAnAnswerIsDecoded() throws Exception {
        answersLarge();
        start();
        CompletableFuture<Loaded> call = sendHeld(new Load(new byte[1]));

        assertEquals(8, parent.call(new Small(8)).number());

        assertFalse(call.isDone());
        let.countDown();
        assertEquals(LARGE_BYTES, call.join().bytes().length);
    }

    @Test
    void deadlineWaitsForNoDecoder() throws Exception {
        answersLarge();
        start();
        hold();
        CompletableFuture<Loaded> call =
                parent.request(new Load(new byte[1]), CallOptions.deadline(Duration.ofMillis(300)));

        Throwable failure = call.handle((value, thrown) -> thrown).join();

        assertInstanceOf(DeadlinePassed.class, failure);
        let.countDown();
        Eventually.await("the answer is late", () -> parent.stats().calls().lateAnswers() == 1);
        assertEquals(9, parent.call(new Small(9)).number());
    }

    @Test
    void answerThatHasComeIsGivenThoughTheStreamEndsBehindIt() throws Exception {
        answersLarge();
        start();
        CompletableFuture<Loaded> call = sendHeld(new Load(new byte[1]));

        pair.right().close();

        Eventually.await("the child is gone", () -> child.isClosed());
        assertFalse(call.isDone());
        let.countDown();
        assertEquals(LARGE_BYTES, call.join().bytes().length);
    }

    @Test
    void largeArgumentThatCanNotBeDecodedFailsItsCallAlone() {
        hold();
        HELD.set(0);
        start();
        byte[] bytes = large(3);
        Load load = new Load(bytes);
        bytes[0] = 2;

        Throwable failure =
                parent.request(load).handle((value, thrown) -> thrown).join();

        Undecodable undecodable = assertInstanceOf(Undecodable.class, failure);
        assertEquals(Undecodable.Subject.ARGUMENT, undecodable.subject());
        assertTrue(undecodable.getMessage().contains("no such bytes"), undecodable.getMessage());
        assertEquals(10, parent.call(new Small(10)).number());
    }

    @Test
    void receiveGivesLargeNotificationsAndPassesOverThoseThatCanNotBeDecoded() throws Exception {
        start();
        byte[] bad = large(3);
        Loaded unreadable = new Loaded(bad);
        bad[0] = 2;
        parent.notify(unreadable);
        parent.notify(new Loaded(large(4)));

        Loaded received = (Loaded) child.receive(LONG).orElseThrow();

        assertEquals(4, received.bytes()[0]);
        assertEquals(1, child.stats().in().droppedNotifications());
    }
}
