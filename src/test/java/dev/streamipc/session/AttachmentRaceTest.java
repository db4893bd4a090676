package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Landing;
import dev.streamipc.message.Attachment;
import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that end in the midst of their attachments, and memory that is used again at once. */
@Timeout(120)
class AttachmentRaceTest {

    private static final int BYTES = 2_000_000;
    private static final int ROUNDS = 100;
    private static final byte MARK = 0x5A;

    record Up(Attachment bytes, long crc) implements Request<Done> {}

    record Done(boolean isWhole) implements Message {}

    record Down(int bytes) implements Request<Back> {}

    record Back(Attachment bytes) implements Message {}

    private final IpcPeer peer =
            IpcPeer.builder().messages(Up.class, Down.class).build();
    private final MemoryChannel.Pair pair = MemoryChannel.pair(65_536, true);
    private final IpcSession parent = peer.createSession(pair.left(), Role.PARENT);
    private final IpcSession child = peer.createSession(pair.right(), Role.CHILD);
    private final AtomicInteger harmed = new AtomicInteger();
    private final AtomicInteger handled = new AtomicInteger();

    @AfterEach
    void close() {
        peer.close();
    }

    private void start() {
        byte[] back = new byte[BYTES];
        child.onRequest(Up.class, up -> {
            handled.incrementAndGet();
            boolean isWhole = crc(up.bytes().copy()) == up.crc();
            harmed.addAndGet(isWhole ? 0 : 1);
            return new Done(isWhole);
        });
        child.onRequest(Down.class, down -> new Back(Attachment.of(back)));
        child.start();
        parent.start();
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    /** Ends a call after a moment: by its deadline, or by hand. */
    private static <R> boolean endsEarly(CompletableFuture<R> call, int round) {
        if (round % 2 == 0) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(3_000_000));
            call.cancel(false);
        }
        return call.handle((value, thrown) -> thrown != null).join();
    }

    private static CallOptions options(int round) {
        return CallOptions.deadline(
                round % 2 == 0
                        ? Duration.ofSeconds(30)
                        : Duration.ofNanos(ThreadLocalRandom.current().nextLong(100_000, 4_000_000)));
    }

    @Test
    void bytesThatChangeBehindTheOutcomeHarmNothing() {
        start();
        byte[] bytes = new byte[BYTES];
        int early = 0;
        for (int round = 0; round < ROUNDS; round++) {
            new Random(round).nextBytes(bytes);
            Up up = new Up(Attachment.of(bytes), crc(bytes));
            early += endsEarly(parent.request(up, options(round)), round) ? 1 : 0;
            Arrays.fill(bytes, MARK);
        }

        byte[] last = {1, 2, 3};
        assertTrue(parent.call(new Up(Attachment.of(last), crc(last))).isWhole());
        assertEquals(0, harmed.get(), "handled=" + handled);
        assertEquals(0, child.stats().in().damagedFrames());
        assertTrue(early > 0, "none ended early");
    }

    @Test
    void nothingIsWrittenToSuppliedMemoryBehindTheOutcome() {
        start();
        byte[] memory = new byte[BYTES];
        byte[] marked = new byte[BYTES];
        Arrays.fill(marked, MARK);
        int early = 0;
        for (int round = 0; round < ROUNDS; round++) {
            CallOptions into = options(round).attachmentsInto(ByteBuffer.wrap(memory));
            early += endsEarly(parent.request(new Down(BYTES), into), round) ? 1 : 0;
            Arrays.fill(memory, MARK);
            byte[] small = {1};
            // behind all that was on its way
            parent.call(new Up(Attachment.of(small), crc(small)));
            assertArrayEquals(marked, memory, "round=" + round);
        }
        assertTrue(early > 0, "none ended early");
    }

    @Test
    void landingTakesNothingOnceItsCallHasEnded() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            byte[] memory = new byte[4_096];
            LandingPlace place = new LandingPlace(ByteBuffer.wrap(memory));
            Landing landing = place.take(memory.length);
            CountDownLatch begun = new CountDownLatch(1);
            Thread reader = new Thread(() -> {
                ByteBuffer chunk = ByteBuffer.allocate(64);
                for (int at = 0; at < memory.length; at += 64) {
                    landing.put(at, chunk.clear());
                    begun.countDown();
                }
            });
            reader.start();
            assertTrue(begun.await(10, TimeUnit.SECONDS));
            place.end();
            Arrays.fill(memory, MARK);
            reader.join();
            for (byte each : memory) {
                assertEquals(MARK, each);
            }
        }
    }

    @Test
    void placeIsGivenOnceAndOnlyToWhatFits() {
        LandingPlace place = new LandingPlace(ByteBuffer.allocate(10).position(2));
        assertNull(place.take(9));
        Landing landing = place.take(8);
        assertNull(place.take(1));
        landing.put(4, ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}));
        assertEquals(0, landing.view(4, 4).get(0), "what is over the place is not taken");
        place.end();
        assertNull(place.take(1));
    }
}
