package dev.streamipc.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.Cancelled;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.Phase;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Limits;
import dev.streamipc.session.Role;
import dev.streamipc.session.SessionEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A reply, a deadline and a cancel meet in the same moment, many times: each call has one outcome, and all add up. */
@Timeout(300)
class OutcomeRaceTest {

    static final int AT_ONCE = 250;
    private static final long DEADLINE_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    private static final long SPREAD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Matrix MATRIX = Matrix.of(OutcomeRaceTest.class);

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void deadlineReplyAndCancelMeetAndOneWins(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        MATRIX.runAtOnce("race.outcome", combo, evidence -> {
            int calls = Plan.row("race.outcome").cases(Profile.current());
            ExecutorService racers = Executors.newFixedThreadPool(2);
            MemoryChannel.Pair pair = MemoryChannel.pair(1 << 18);
            // a call that stays in the table would leave no room for another
            try (IpcPeer peer = IpcPeer.builder()
                    .messages(Talk.ALL)
                    .serializers(Talk.serializer(combo))
                    .limits(Limits.DEFAULT.withMaxCalls(AT_ONCE))
                    .closeLimit(Duration.ofMillis(200))
                    .build()) {
                IpcSession session = peer.createSession(pair.left(), Role.PARENT);
                Race race = new Race(session, WireSide.on(pair.right(), Role.CHILD, Talk.serializer(combo)), racers);
                for (int first = 0; first < calls; first += AT_ONCE) {
                    race.run(evidence);
                }
                race.judge(evidence, calls);
                race.other.close();
            } finally {
                racers.shutdown();
            }
        });
        MATRIX.after("race.outcome", before.left());
    }

    /** Counts what went over the wire and what became of the calls. */
    private static final class Race {

        private final IpcSession session;
        private final WireSide other;
        private final ExecutorService racers;
        private final Random random = new Random(3);
        private final ConcurrentLinkedQueue<Long> open = new ConcurrentLinkedQueue<>();
        private final AtomicInteger requestsSeen = new AtomicInteger();
        private final AtomicInteger cancelsSeen = new AtomicInteger();
        private final AtomicLong lateTold = new AtomicLong();
        private final byte[] answer;
        private long repliesSent;
        private long answered;
        private long cancelled;
        private long late;
        private long neverSent;
        private long cancelledBeforeSent;

        Race(IpcSession session, WireSide other, ExecutorService racers) throws IOException {
            this.session = session;
            this.other = other;
            this.racers = racers;
            this.answer = other.typed(new Talk.Answer("yes"));
            session.events(event -> {
                if (event instanceof SessionEvent.LateAnswer seen) {
                    lateTold.accumulateAndGet(seen.count(), Math::max);
                }
            });
            other.listen((side, frame) -> {
                if (frame.kind() == Kind.REQUEST) {
                    requestsSeen.incrementAndGet();
                    open.add(frame.id());
                } else if (frame.kind() == Kind.CANCEL) {
                    cancelsSeen.incrementAndGet();
                } else if (frame.kind() == Kind.PING) {
                    side.send(Kind.PONG, frame.id(), new byte[0]);
                }
            });
            session.start();
            other.hello().ready();
        }

        void run(Evidence evidence) throws Exception {
            List<CompletableFuture<Talk.Answer>> calls = new ArrayList<>();
            CallOptions options = CallOptions.deadline(Duration.ofNanos(DEADLINE_NANOS));
            long startNanos = System.nanoTime();
            for (int i = 0; i < AT_ONCE; i++) {
                calls.add(session.request(new Talk.Ask("x"), options));
            }
            long replyNanos = startNanos + DEADLINE_NANOS + jitterNanos();
            long cancelNanos = startNanos + DEADLINE_NANOS + jitterNanos();
            Future<?> replies = racers.submit(() -> reply(replyNanos));
            Future<?> cancels = racers.submit(() -> cancel(calls, cancelNanos));
            replies.get();
            cancels.get();
            for (CompletableFuture<Talk.Answer> call : calls) {
                Outcomes.count(call, evidence);
                add(call);
            }
            // what reached the other side behind its replies
            session.flush(Duration.ofSeconds(10));
            reply(0);
            open.clear();
        }

        private long jitterNanos() {
            return random.nextLong(2 * SPREAD_NANOS) - SPREAD_NANOS;
        }

        private Void reply(long atNanos) throws IOException {
            await(atNanos);
            ByteArrayOutputStream replies = new ByteArrayOutputStream();
            for (Long id = open.poll(); id != null; id = open.poll()) {
                replies.writeBytes(other.frame(Kind.REPLY, 0, id, answer));
                repliesSent++;
            }
            other.raw(replies.toByteArray());
            return null;
        }

        private static void cancel(List<CompletableFuture<Talk.Answer>> calls, long atNanos) {
            await(atNanos);
            calls.forEach(call -> call.cancel(true));
        }

        private static void await(long atNanos) {
            while (atNanos != 0 && System.nanoTime() - atNanos < 0) {
                LockSupport.parkNanos(20_000);
            }
        }

        private void add(CompletableFuture<Talk.Answer> call) throws Exception {
            Throwable thrown = call.handle((value, failure) -> failure).get(10, TimeUnit.SECONDS);
            if (thrown == null) {
                answered++;
            } else if (thrown instanceof Cancelled failure) {
                cancelled++;
                cancelledBeforeSent += failure.phase() == Phase.QUEUED ? 1 : 0;
            } else if (thrown instanceof DeadlinePassed) {
                late++;
            }
            boolean queued = thrown instanceof Cancelled failure && failure.phase() == Phase.QUEUED
                    || thrown instanceof DeadlinePassed passed && passed.phase() == Phase.QUEUED;
            neverSent += queued ? 1 : 0;
        }

        void judge(Evidence evidence, int calls) throws Exception {
            assertEquals(calls, answered + cancelled + late, "outcomes");
            long lateAnswers = repliesSent - answered;
            other.reply(4_711, new Talk.Answer("to nobody"));
            Eventually.await("the late answers are counted", () -> lateTold.get() >= lateAnswers + 1);
            evidence.proof("answered", answered)
                    .proof("cancelled", cancelled)
                    .proof("late", late)
                    .proof("lateAnswers", lateAnswers);
            assertEquals(calls, requestsSeen.get() + neverSent, "calls seen by the other side or never sent");
            assertEquals(lateAnswers + 1, lateTold.get(), "late answers");
            assertEquals(cancelled - cancelledBeforeSent, cancelsSeen.get(), "cancels told");
            long least = calls / 1_000;
            evidence.require(answered > least && cancelled > least && late > least, "hardly a race: " + this);
        }

        @Override
        public String toString() {
            return "answered=" + answered + ", cancelled=" + cancelled + ", late=" + late;
        }
    }
}
