package dev.streamipc.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Limits;
import dev.streamipc.session.Role;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many deadlines at once: none early, none forgotten, and cheap. */
@Timeout(120)
class DeadlinesTest {

    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long HARDLY_LATE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Matrix MATRIX = Matrix.of(DeadlinesTest.class);

    @ParameterizedTest
    @EnumSource(value = Combo.class, names = "KRYO_FAKE")
    void everyDeadlinePassesOnceAndNoneEarly(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        List<Long> lateNanos = new ArrayList<>();
        MATRIX.runAtOnce("time.deadlines", combo, evidence -> {
            try (Asked asked = new Asked(combo)) {
                int calls = Plan.row("time.deadlines").cases(Profile.current());
                Random random = new Random(4);
                List<CompletableFuture<Long>> ends = new ArrayList<>();
                for (int i = 0; i < calls; i++) {
                    long limitNanos = LEAST_NANOS + random.nextLong(MOST_NANOS - LEAST_NANOS);
                    long dueNanos = System.nanoTime() + limitNanos;
                    CallOptions options = CallOptions.deadline(Duration.ofNanos(limitNanos));
                    ends.add(asked.session.request(new Talk.Ask("x"), options).handle((answer, thrown) -> {
                        long nanos = System.nanoTime() - dueNanos;
                        return thrown instanceof DeadlinePassed ? nanos : Long.MIN_VALUE;
                    }));
                }
                for (CompletableFuture<Long> end : ends) {
                    lateNanos.add(end.get(30, TimeUnit.SECONDS));
                }
                lateNanos.sort(null);
                evidence.proof("deadlines", calls).proof("earliestNanos", lateNanos.get(0));
                evidence.require(lateNanos.get(0) >= 0, "early, or another outcome: " + lateNanos.get(0));
                long p99 = lateNanos.get(calls * 99 / 100);
                evidence.require(p99 < HARDLY_LATE_NANOS, "late: p99Nanos=" + p99);
            }
        });
        if (!lateNanos.isEmpty()) {
            MATRIX.figure("deadline to failure, p50", lateNanos.get(lateNanos.size() / 2) / 1e6, "ms");
            MATRIX.figure("deadline to failure, p99", lateNanos.get(lateNanos.size() * 99 / 100) / 1e6, "ms");
        }
        MATRIX.after("time.deadlines", before.left());
    }

    @ParameterizedTest
    @EnumSource(value = Combo.class, names = "KRYO_FAKE")
    void manyOpenCallsCostLittleAndAllEnd(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        double[] figures = new double[2];
        MATRIX.runAtOnce("time.open-calls", combo, evidence -> {
            int calls = Plan.row("time.open-calls").cases(Profile.current());
            List<CompletableFuture<Talk.Answer>> open = new ArrayList<>(calls);
            try (Asked asked = new Asked(combo)) {
                long bytes = LiveObjects.bytes();
                CallOptions options = CallOptions.deadline(Duration.ofHours(1));
                long startNanos = System.nanoTime();
                for (int i = 0; i < calls; i++) {
                    open.add(asked.session.request(new Talk.Ask("x"), options));
                }
                figures[0] = (System.nanoTime() - startNanos) / (double) calls;
                asked.session.flush(Duration.ofSeconds(30));
                figures[1] = (LiveObjects.bytes() - bytes) / (double) calls;
                assertEquals(0, open.stream().filter(CompletableFuture::isDone).count(), "calls that ended");
            }
            for (CompletableFuture<Talk.Answer> call : open) {
                Outcomes.failureOf(call, evidence);
            }
            evidence.proof("openCalls", calls).proof("bytesEach", Math.round(figures[1]));
            evidence.require(figures[1] < 2_000, "an open call costs much: bytes=" + figures[1]);
        });
        MATRIX.figure("an open call, time to ask", Math.round(figures[0]), "ns");
        MATRIX.figure("an open call, on the heap", Math.round(figures[1]), "bytes");
        MATRIX.after("time.open-calls", before.left());
    }

    /** A session whose other side reads everything and answers nothing but a PING. */
    private static final class Asked implements AutoCloseable {

        private final IpcPeer peer;
        private final IpcSession session;
        private final WireSide other;

        Asked(Combo combo) throws Exception {
            peer = IpcPeer.builder()
                    .messages(Talk.ALL)
                    .serializers(Talk.serializer(combo))
                    .limits(Limits.DEFAULT.withMaxCalls(2_000_000))
                    .closeLimit(Duration.ofMillis(200))
                    .build();
            MemoryChannel.Pair pair = MemoryChannel.pair(1 << 16);
            session = peer.createSession(pair.left(), Role.PARENT);
            other = WireSide.on(pair.right(), Role.CHILD, Talk.serializer(combo));
            other.listen((side, frame) -> {
                if (frame.kind() == Kind.PING) {
                    side.send(Kind.PONG, frame.id(), new byte[0]);
                }
            });
            other.hello().ready();
            session.flush(Duration.ofSeconds(10));
        }

        @Override
        public void close() throws IOException {
            other.close();
            peer.close();
        }
    }
}
