package dev.streamipc.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.Rejected;
import dev.streamipc.session.BroadcastResult;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Limits;
import dev.streamipc.session.Role;
import dev.streamipc.session.SessionEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sides that do not read: what is refused is said at once, what was taken arrives, and others are not held up. */
@Timeout(120)
class FullTest {

    private static final int MAX_OUTBOUND_BYTES = 64 * 1024;
    private static final int SESSIONS = 20;
    private static final int DEAF = 3;
    private static final String TEXT = "x".repeat(400);
    private static final Matrix MATRIX = Matrix.of(FullTest.class);

    private static IpcPeer peer(Combo combo) {
        return IpcPeer.builder()
                .messages(Talk.ALL)
                .serializers(Talk.serializer(combo))
                .limits(Limits.DEFAULT.withMaxOutboundBytes(MAX_OUTBOUND_BYTES))
                .closeLimit(Duration.ofMillis(200))
                .build();
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void fullBufferRefusesAtOnceAndKeepsItsWordForTheRest(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        long[] p99 = new long[1];
        MATRIX.runAtOnce("full.refuses", combo, evidence -> {
            int offered = Plan.row("full.refuses").cases(Profile.current());
            try (IpcPeer peer = peer(combo);
                    DeafSide deaf = new DeafSide(combo, peer)) {
                List<Long> refusalNanos = new ArrayList<>();
                int taken = 0;
                for (int i = 0; i < offered; i++) {
                    long startNanos = System.nanoTime();
                    Rejected refusal = refusalOf(deaf.session, i);
                    if (refusal == null) {
                        taken++;
                    } else {
                        refusalNanos.add(System.nanoTime() - startNanos);
                        boolean full = refusal.reason() == Rejected.Reason.QUEUE_FULL;
                        evidence.require(full, "wrong refusal: " + refusal);
                    }
                }
                refusalNanos.sort(null);
                p99[0] = refusalNanos.get(refusalNanos.size() * 99 / 100);
                evidence.proof("taken", taken).proof("refused", refusalNanos.size());
                evidence.require(
                        taken * (long) TEXT.length() < 2L * MAX_OUTBOUND_BYTES,
                        "the bound does not hold: taken=" + taken);
                deaf.hears();
                int all = taken;
                Eventually.await("what was taken arrives", () -> deaf.notes.get() == all);
                evidence.require(deaf.inOrder, "out of order");
            }
        });
        MATRIX.figure("refusal of a full buffer, p99, " + combo.label(), p99[0] / 1_000.0, "us");
        MATRIX.after("full.refuses", before.left());
    }

    private static Rejected refusalOf(IpcSession session, int number) {
        try {
            session.notify(new Talk.Answer(number + " " + TEXT));
            return null;
        } catch (Rejected refusal) {
            return refusal;
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void broadcastTellsEachLossAndHoldsNobodyUp(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        MATRIX.runAtOnce("full.broadcast", combo, evidence -> {
            int broadcasts = Plan.row("full.broadcast").cases(Profile.current());
            List<DeafSide> sides = new ArrayList<>();
            try (IpcPeer peer = peer(combo)) {
                for (int i = 0; i < SESSIONS; i++) {
                    sides.add(new DeafSide(combo, peer));
                }
                sides.subList(DEAF, SESSIONS).forEach(DeafSide::hears);
                Map<IpcSession, Integer> refused = new HashMap<>();
                for (int i = 0; i < broadcasts; i++) {
                    List<BroadcastResult> results = peer.broadcast(new Talk.Answer(i + " " + TEXT));
                    assertEquals(SESSIONS, results.size(), "results");
                    for (BroadcastResult result : results) {
                        refused.merge(result.session(), result.refusal().isPresent() ? 1 : 0, Integer::sum);
                    }
                    sides.subList(DEAF, SESSIONS).forEach(side -> side.session.flush(Duration.ofSeconds(10)));
                }
                for (DeafSide side : sides) {
                    boolean deaf = sides.indexOf(side) < DEAF;
                    side.hears();
                    int lost = refused.get(side.session);
                    evidence.require(lost > 0 == deaf, "lost=" + lost + ", deaf=" + deaf);
                    Eventually.await("all that was not refused arrives", () -> side.notes.get() == broadcasts - lost);
                    evidence.require(side.inOrder, "out of order");
                }
                int lost = refused.values().stream().mapToInt(count -> count).sum();
                evidence.proof("sessions", SESSIONS).proof("deaf", DEAF).proof("lossesTold", lost);
                sides.get(SESSIONS - 1).close();
                Eventually.await(
                        "the ended session is gone", () -> peer.sessions().size() == SESSIONS - 1);
                assertEquals(
                        SESSIONS - 1,
                        peer.broadcast(new Talk.Answer("one less")).size(),
                        "results");
                for (DeafSide side : sides) {
                    side.close();
                }
            }
        });
        MATRIX.after("full.broadcast", before.left());
    }

    /** A session whose other side reads only when it is told to, and counts what comes. */
    private static final class DeafSide implements AutoCloseable {

        private final IpcSession session;
        private final WireSide other;
        private final AtomicInteger notes = new AtomicInteger();
        private volatile boolean inOrder = true;
        private boolean hears;
        private int last = -1;

        DeafSide(Combo combo, IpcPeer peer) throws Exception {
            MemoryChannel.Pair pair = MemoryChannel.pair(1 << 13);
            session = peer.createSession(pair.left(), Role.PARENT);
            other = WireSide.deaf(pair.right(), Role.CHILD, Talk.serializer(combo));
            other.listen(this::heard);
            CountDownLatch opened = new CountDownLatch(1);
            session.events(event -> {
                if (event instanceof SessionEvent.Opened) {
                    opened.countDown();
                }
            });
            other.hello().ready();
            session.start();
            // before that, what is sent is not even encoded
            opened.await(20, TimeUnit.SECONDS);
        }

        void hears() {
            if (!hears) {
                hears = true;
                other.read();
            }
        }

        private void heard(WireSide side, WireSide.Seen frame) throws IOException {
            if (frame.kind() == Kind.NOTIFY) {
                int number = Integer.parseInt(side.textOf(frame).split(" ")[0]);
                inOrder &= number > last;
                last = number;
                notes.incrementAndGet();
            } else if (frame.kind() == Kind.PING) {
                side.send(Kind.PONG, frame.id(), new byte[0]);
            }
        }

        @Override
        public void close() throws IOException {
            other.close();
        }
    }
}
