package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.Cancelled;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.Rejected;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Blob;
import dev.streamipc.session.Samples.BlobBack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages that leave in chunks, between others. */
@Timeout(60)
class LargeMessageTest {

    private static final int MIB = 1 << 20;
    private static final Duration LONG = Duration.ofSeconds(20);

    private final IpcPeer peer = IpcPeer.builder()
            .messages(Samples.ALL)
            .limits(Limits.DEFAULT.withMaxPayloadBytes(64 * MIB))
            .build();
    private final MemoryChannel.Pair pair = MemoryChannel.pair(65_536, true);
    private final Valve valve = new Valve(pair.right());
    private final IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
    private final IpcSession child = peer.createSession(valve, Role.CHILD);
    private final List<String> order = new ArrayList<>();

    @AfterEach
    void close() {
        valve.open();
        peer.close();
    }

    private void start() {
        child.onRequest(Ask.class, ask -> new Answer(ask.text()));
        child.onRequest(Blob.class, blob -> new BlobBack(blob.bytes()));
        child.start();
        parent.start();
        assertEquals("warm", parent.call(new Ask("warm")).text());
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void sizesAroundAChunkGoThereAndBack() {
        start();
        for (int size :
                new int[] {0, 1, 65_000, 65_500, 65_520, 65_536, 65_560, 65_600, 131_000, 131_072, 131_100, 5 * MIB}) {
            byte[] bytes = random(size);
            assertArrayEquals(bytes, parent.call(new Blob(bytes)).bytes(), "size=" + size);
        }
    }

    @Test
    void everySizeAroundAChunkGoesThereAndBack() {
        start();
        for (int size = 65_400; size < 65_620; size++) {
            assertEquals(size, parent.call(new Blob(new byte[size])).bytes().length);
        }
    }

    @Test
    void smallCallsPassALargeOneThatIsOnItsWay() {
        start();
        valve.shut();
        CompletableFuture<BlobBack> large = parent.request(new Blob(random(32 * MIB)));
        CompletableFuture<Answer> small = parent.request(new Ask("small"));
        small.thenRun(() -> order.add("small"));
        CompletableFuture<Void> last = large.thenRun(() -> order.add("large"));
        valve.open();

        last.join();

        assertEquals(List.of("small", "large"), order);
    }

    @Test
    void severalLargeOnesTakeTurns() {
        start();
        valve.shut();
        CompletableFuture<BlobBack> huge = parent.request(new Blob(random(48 * MIB)));
        CompletableFuture<BlobBack> medium = parent.request(new Blob(random(MIB)));
        medium.thenRun(() -> order.add("medium"));
        CompletableFuture<Void> last = huge.thenRun(() -> order.add("huge"));
        valve.open();

        last.join();

        assertEquals(List.of("medium", "huge"), order);
    }

    @Test
    void largeOneThatIsTakenBackOnItsWayWasNotExecuted() throws Exception {
        AtomicInteger executed = new AtomicInteger();
        child.onRequest(Blob.class, blob -> {
            executed.incrementAndGet();
            return new BlobBack(new byte[0]);
        });
        start();
        for (int i = 0; i < 10; i++) {
            long before = child.stats().in().bytes();
            CompletableFuture<BlobBack> large = parent.request(new Blob(random(32 * MIB)));
            Eventually.await("some of it has come", () -> child.stats().in().bytes() > before + 100_000);
            valve.shut();
            assertTrue(large.cancel(false));
            Throwable failure = large.handle((value, thrown) -> thrown).join();
            Cancelled cancelled =
                    assertInstanceOf(Cancelled.class, failure instanceof Cancelled ? failure : failure.getCause());
            assertSame(Certainty.NOT_EXECUTED, cancelled.certainty());
            valve.open();
            assertEquals("goes on", parent.call(new Ask("goes on")).text());
        }
        assertEquals(0, executed.get());
        // an answer may be here before the thread that wrote the question has counted it
        Eventually.await("nothing is queued", () -> parent.stats().out().queuedBytes() == 0);
    }

    @Test
    void flushWaitsForWhatIsLarge() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        child.onMessage(BlobBack.class, big -> arrived.countDown());
        start();

        parent.notify(new BlobBack(random(16 * MIB)));
        parent.flush(LONG);

        assertEquals(1, child.stats().in().notifications());
        arrived.await();
    }

    @Test
    void closeLetsWhatIsLargeLeave() throws Exception {
        CountDownLatch arrived = new CountDownLatch(3);
        child.onMessage(BlobBack.class, big -> arrived.countDown());
        start();

        for (int i = 0; i < 3; i++) {
            parent.notify(new BlobBack(random(8 * MIB)));
        }
        parent.close();

        arrived.await();
    }

    @Test
    void whatWaitsIsBoundedLargeOrNot() {
        start();
        valve.shut();
        List<CompletableFuture<BlobBack>> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            calls.add(parent.request(new Blob(random(48 * MIB))));
            assertTrue(
                    parent.stats().out().queuedBytes() <= Limits.DEFAULT.maxOutboundBytes() + 49L * MIB,
                    "queued=" + parent.stats().out().queuedBytes());
        }
        long refused = calls.stream()
                .filter(CompletableFuture::isCompletedExceptionally)
                .count();
        assertTrue(refused >= 5, "refused=" + refused);
        assertFalse(calls.get(0).isDone());
        Throwable failure = assertThrows(Exception.class, calls.get(9)::join);
        assertSame(Rejected.Reason.QUEUE_FULL, ((Rejected) failure.getCause()).reason());
    }
}
