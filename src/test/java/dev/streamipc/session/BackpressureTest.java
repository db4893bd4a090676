package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.Rejected;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Blob;
import dev.streamipc.session.Samples.BlobBack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Load against a slow reader: what is queued stays bound whatever is offered, and what is refused is refused quickly. */
@Timeout(120)
class BackpressureTest {

    private static final int LIMIT_BYTES = 1 << 20;
    private static final int BLOB_BYTES = 256 * 1_024;
    private static final int FRAME_BYTES = BLOB_BYTES + 1_024;
    private static final Limits LIMITS = Limits.DEFAULT.withMaxOutboundBytes(LIMIT_BYTES);

    private final MemoryChannel.Pair pair = MemoryChannel.pair(4_096);
    private final Valve far = new Valve(pair.right());
    private final List<Probed> opened = new ArrayList<>();

    private static IpcPeer.Builder with(Limits limits, WhenFull policy) {
        return IpcPeer.builder().limits(limits).whenFull(policy).closeLimit(Duration.ofMillis(300));
    }

    private Probed parent(IpcPeer.Builder builder) {
        opened.add(Probed.open(builder, pair.left(), Role.PARENT));
        return opened.get(opened.size() - 1);
    }

    private Probed child(IpcPeer.Builder builder) {
        opened.add(Probed.open(builder, far, Role.CHILD));
        return opened.get(opened.size() - 1);
    }

    @AfterEach
    void close() {
        far.open();
        opened.forEach(probed -> probed.session().close());
    }

    private static boolean isRefused(CompletableFuture<?> call) {
        if (!call.isCompletedExceptionally()) {
            return false;
        }
        try {
            call.getNow(null);
            return false;
        } catch (CompletionException failed) {
            assertEquals(
                    Rejected.Reason.QUEUE_FULL,
                    assertInstanceOf(Rejected.class, failed.getCause()).reason());
            return true;
        }
    }

    @Test
    void readerOfOneKibibyteASecondCostsTheBoundAndOneFrameHoweverMuchIsOffered() {
        long offeredBytes = 1L << 30;
        Probed parent = parent(with(LIMITS, WhenFull.REJECT));
        child(with(LIMITS, WhenFull.REJECT));
        parent.session().call(new Ask("connected"));
        far.slow(1_024);

        Blob blob = new Blob(new byte[BLOB_BYTES]);
        CompletableFuture<BlobBack> first = parent.session().request(blob);
        long peakBytes = 0;
        int accepted = 1;
        int offers = (int) (offeredBytes / BLOB_BYTES);
        for (int i = 1; i < offers; i++) {
            accepted += isRefused(parent.session().request(blob)) ? 0 : 1;
            peakBytes = Math.max(peakBytes, parent.queuedBytes());
        }

        System.out.printf(
                "slow reader: offeredBytes=%d, offers=%d, accepted=%d, peakQueuedBytes=%d, limitBytes=%d%n",
                offeredBytes, offers, accepted, peakBytes, LIMIT_BYTES);
        assertTrue(peakBytes <= LIMIT_BYTES + FRAME_BYTES, "peakBytes=" + peakBytes);
        assertTrue(peakBytes >= LIMIT_BYTES && accepted > 2 && accepted < offers / 2, "accepted=" + accepted);
        assertTrue(!first.isDone(), "the reader was not slow");
    }

    @Test
    void allThatWaitsForASlowReaderArrivesAndTheBoundHolds() throws Exception {
        Probed parent = parent(with(LIMITS, WhenFull.WAIT));
        child(with(LIMITS, WhenFull.WAIT));
        parent.session().call(new Ask("connected"));
        far.slow(32 << 20);
        int senders = 4;
        int each = 32;
        AtomicLong peakBytes = new AtomicLong();
        List<FutureTask<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < senders; i++) {
            tasks.add(inThread(() -> {
                List<CompletableFuture<Answer>> calls = new ArrayList<>();
                for (int n = 0; n < each; n++) {
                    calls.add(parent.session().request(new Ask("x".repeat(BLOB_BYTES))));
                    peakBytes.accumulateAndGet(parent.queuedBytes(), Math::max);
                }
                calls.forEach(CompletableFuture::join);
                return calls.size();
            }));
        }

        for (FutureTask<Integer> task : tasks) {
            assertEquals(each, task.get(100, TimeUnit.SECONDS));
        }
        assertTrue(peakBytes.get() <= LIMIT_BYTES + FRAME_BYTES, "peakBytes=" + peakBytes);
        assertTrue(peakBytes.get() >= LIMIT_BYTES, "nobody had to wait: peakBytes=" + peakBytes);
    }

    @Test
    void answersOfManyHandlersKeepTheBoundAndAllArriveThoughCallsCompete() throws Exception {
        ExecutorService handlers = Executors.newFixedThreadPool(8);
        try {
            Probed parent = parent(with(LIMITS, WhenFull.WAIT));
            Probed child = child(with(LIMITS, WhenFull.REJECT).handlerExecutor(handlers));
            AtomicLong peakBytes = new AtomicLong();
            AtomicBoolean over = new AtomicBoolean();
            child.session().onRequest(Blob.class, blob -> {
                peakBytes.accumulateAndGet(child.queuedBytes(), Math::max);
                return new BlobBack(new byte[BLOB_BYTES]);
            });
            parent.session().call(new Ask("connected"));
            FutureTask<Integer> rival = inThread(() -> {
                int refused = 0;
                while (!over.get()) {
                    refused += isRefused(child.session().request(new Ask("x".repeat(10_000)))) ? 1 : 0;
                    peakBytes.accumulateAndGet(child.queuedBytes(), Math::max);
                    LockSupport.parkNanos(50_000);
                }
                return refused;
            });
            List<CompletableFuture<BlobBack>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                calls.add(parent.session().request(new Blob(new byte[1])));
            }

            for (CompletableFuture<BlobBack> call : calls) {
                assertEquals(BLOB_BYTES, call.get(60, TimeUnit.SECONDS).bytes().length);
            }
            over.set(true);
            System.out.printf("answers: peakQueuedBytes=%d, refusedCalls=%d%n", peakBytes.get(), rival.get());
            assertTrue(peakBytes.get() <= LIMIT_BYTES + FRAME_BYTES, "peakBytes=" + peakBytes);
            assertTrue(peakBytes.get() >= LIMIT_BYTES, "no answer had to wait: peakBytes=" + peakBytes);
        } finally {
            handlers.shutdown();
        }
    }

    @Test
    void fullQueueSaysSoAtOnceAndNothingIsLostOrCountedTwice() {
        int bytes = 1_000;
        Probed parent = parent(with(LIMITS, WhenFull.REJECT));
        child(with(LIMITS, WhenFull.REJECT));
        parent.session().call(new Ask("connected"));
        far.shut();

        int offers = 2 * LIMIT_BYTES / bytes;
        Ask ask = new Ask("x".repeat(bytes));
        List<CompletableFuture<Answer>> accepted = new ArrayList<>();
        List<Long> refusalNanos = new ArrayList<>();
        for (int i = 0; i < offers; i++) {
            long start = System.nanoTime();
            CompletableFuture<Answer> call = parent.session().request(ask);
            long tookNanos = System.nanoTime() - start;
            if (isRefused(call)) {
                refusalNanos.add(tookNanos);
            } else {
                accepted.add(call);
            }
        }
        far.open();
        accepted.forEach(call -> assertEquals(new Answer(ask.text()), call.join()));

        refusalNanos.sort(null);
        long p99Micros = TimeUnit.NANOSECONDS.toMicros(refusalNanos.get(refusalNanos.size() * 99 / 100));
        System.out.printf(
                "full queue: offers=%d, accepted=%d, refused=%d, refusalP99Us=%d%n",
                offers, accepted.size(), refusalNanos.size(), p99Micros);
        assertEquals(offers, accepted.size() + refusalNanos.size());
        assertTrue(refusalNanos.size() > offers / 3, "refused=" + refusalNanos.size());
        assertTrue(p99Micros <= 1_000, "p99Micros=" + p99Micros);
    }

    @Test
    void smallestLimitsStillMove() throws Exception {
        Limits least = Limits.DEFAULT
                .withMaxOutboundBytes(1)
                .withMaxCalls(1)
                .withMaxInbound(1, 1)
                .withMaxReceiveItems(1);
        int calls = 500;
        List<FutureTask<Integer>> tasks = new ArrayList<>();
        long start = System.nanoTime();
        for (Probed side : List.of(parent(with(least, WhenFull.WAIT)), child(with(least, WhenFull.WAIT)))) {
            for (int i = 0; i < 2; i++) {
                tasks.add(inThread(() -> {
                    int right = 0;
                    for (int n = 0; n < calls; n++) {
                        right += side.session().call(new Ask("x" + n)).text().equals("x" + n) ? 1 : 0;
                    }
                    side.session().flush(Duration.ofSeconds(20));
                    return right;
                }));
            }
        }

        for (FutureTask<Integer> task : tasks) {
            assertEquals(calls, task.get(100, TimeUnit.SECONDS));
        }
        long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        System.out.printf(
                "smallest limits: calls=%d, tookMs=%d, callsPerSecond=%d%n",
                4 * calls, tookMillis, 4_000L * calls / Math.max(1, tookMillis));
    }

    private static FutureTask<Integer> inThread(Callable<Integer> body) {
        FutureTask<Integer> task = new FutureTask<>(body);
        Thread thread = new Thread(task, "test-sender");
        thread.setDaemon(true);
        thread.start();
        return task;
    }
}
