package dev.streamipc.faults;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.frame.Flags;
import dev.streamipc.frame.Kind;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Role;
import dev.streamipc.session.SessionEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Much traffic, some of it wrong: order holds, answers find their calls, what is dropped is counted. */
@Timeout(120)
class TrafficTest {

    static final int SENDERS = 8;
    static final int LATE_SORTS = 4;
    private static final int PACE = 500;
    private static final CallOptions SHORT =
            CallOptions.deadline(Duration.ofMillis(2)).tellingStarted();
    private static final Matrix MATRIX = Matrix.of(TrafficTest.class);

    private static IpcPeer.Builder peer(Combo combo) {
        return IpcPeer.builder()
                .messages(Talk.ALL)
                .serializers(Talk.serializer(combo))
                .closeLimit(Duration.ofMillis(500));
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void answersThatNobodyWaitsForAreDroppedAndCounted(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        MATRIX.runAtOnce("traffic.late", combo, evidence -> {
            int answers = Plan.row("traffic.late").cases(Profile.current());
            MemoryChannel.Pair pair = MemoryChannel.pair(1 << 16);
            try (IpcPeer peer = peer(combo).build()) {
                IpcSession session = peer.createSession(pair.left(), Role.PARENT);
                AtomicLong told = new AtomicLong();
                session.events(event -> told.accumulateAndGet(
                        event instanceof SessionEvent.LateAnswer late ? late.count() : 0, Math::max));
                WireSide other = WireSide.on(pair.right(), Role.CHILD, Talk.serializer(combo));
                other.hello().ready();
                CompletableFuture<Talk.Answer> done = session.request(new Talk.Ask("done"));
                long doneId = other.await(Kind.REQUEST).id();
                other.reply(doneId, new Talk.Answer("once"));
                evidence.require(done.join().text().equals("once"), "wrong answer")
                        .answered();
                CompletableFuture<Talk.Answer> gone = session.request(new Talk.Ask("gone"));
                long goneId = other.await(Kind.REQUEST).id();
                gone.cancel(true);
                CompletableFuture<Talk.Answer> open = session.request(new Talk.Ask("open"));
                long openId = other.await(Kind.REQUEST).id();

                long[] nobodys = {doneId, goneId, openId + 1_000, openId | Long.MIN_VALUE};
                for (int i = 0; i < answers; i++) {
                    other.reply(nobodys[i % LATE_SORTS], new Talk.Answer("nobody's"));
                }
                // events are left out where they come faster than they are taken, counts are not
                Eventually.await(
                        "all are counted", () -> session.stats().calls().lateAnswers() == answers && told.get() > 0);
                evidence.require(
                        !open.isDone() && done.join().text().equals("once"), "a call heard what is not its own");
                other.reply(openId, new Talk.Answer("mine"));
                evidence.require(open.join().text().equals("mine"), "wrong answer")
                        .answered();
                evidence.proof("dropped", answers).proof("told", told.get());
                other.close();
            }
        });
        MATRIX.after("traffic.late", before.left());
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void notificationsOfEachThreadKeepTheirOrder(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        MATRIX.runAtOnce("traffic.order", combo, evidence -> {
            int each = Plan.row("traffic.order").cases(Profile.current()) / SENDERS;
            try (Both both = new Both(peer(combo), peer(combo), 1 << 16)) {
                int[] next = new int[SENDERS];
                AtomicInteger taken = new AtomicInteger();
                both.child.onMessage(Talk.Note.class, note -> {
                    int sender = note.number() % SENDERS;
                    if (note.number() / SENDERS != next[sender]++) {
                        evidence.violation("out of order: sender=" + sender + ", number=" + note.number());
                    }
                    taken.incrementAndGet();
                });
                both.child.start();
                both.atOnce(SENDERS, sender -> {
                    for (int i = 0; i < each; i++) {
                        both.parent.notify(new Talk.Note(i * SENDERS + sender));
                        if (i % PACE == PACE - 1) {
                            both.parent.call(new Talk.Ask("so far"));
                        }
                    }
                });
                both.parent.call(new Talk.Ask("all"));
                assertEquals(each * SENDERS, taken.get(), "notifications");
                evidence.proof("notifications", taken.get());
            }
        });
        MATRIX.after("traffic.order", before.left());
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void answersInAnyOrderFindTheirCalls(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        MATRIX.runAtOnce("traffic.matched", combo, evidence -> {
            int calls = Plan.row("traffic.matched").cases(Profile.current());
            ExecutorService several = Executors.newFixedThreadPool(4);
            AtomicInteger lastAsked = new AtomicInteger();
            AtomicInteger overtaken = new AtomicInteger();
            try (Both both = new Both(peer(combo), peer(combo).handlerExecutor(several), 1 << 16)) {
                both.child.start();
                for (int first = 0; first < calls; first += 1_000) {
                    List<CompletableFuture<Talk.Answer>> open = new ArrayList<>();
                    for (int i = first; i < first + 1_000; i++) {
                        int number = i;
                        open.add(both.parent.request(new Talk.Ask("" + i)));
                        open.get(i - first).thenRun(() -> {
                            if (lastAsked.getAndAccumulate(number, Math::max) > number) {
                                overtaken.incrementAndGet();
                            }
                        });
                    }
                    for (int i = 0; i < 1_000; i++) {
                        String answer = open.get(i).join().text();
                        evidence.require(answer.equals("" + (first + i)), "not its own: " + answer);
                        evidence.answered();
                    }
                }
            } finally {
                several.shutdown();
            }
            evidence.proof("calls", calls).proof("overtaken", overtaken.get());
            evidence.require(overtaken.get() > 0, "all came in order");
        });
        MATRIX.after("traffic.matched", before.left());
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void oldAnswersReachNoNewCallWhereIdsWrap(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        MATRIX.runAtOnce("traffic.ids-wrap", combo, evidence -> {
            int calls = Plan.row("traffic.ids-wrap").cases(Profile.current());
            AtomicLong ids = new AtomicLong(Long.MAX_VALUE - calls / 2);
            MemoryChannel.Pair pair = MemoryChannel.pair(1 << 16);
            try (IpcPeer peer =
                    peer(combo).requestIds(() -> ids::getAndIncrement).build()) {
                IpcSession session = peer.createSession(pair.left(), Role.PARENT);
                WireSide other = WireSide.on(pair.right(), Role.CHILD, Talk.serializer(combo));
                List<Long> seen = new ArrayList<>();
                List<Long> owed = new ArrayList<>();
                other.listen((side, frame) -> answer(side, frame, seen, owed));
                other.hello().ready();
                for (int i = 0; i < calls; i++) {
                    CallOptions options = i % 20 == 0 ? SHORT : CallOptions.DEFAULT;
                    CompletableFuture<Talk.Answer> call = session.request(new Talk.Ask("ask"), options);
                    Outcomes.count(call, evidence);
                    boolean answered = !call.isCompletedExceptionally();
                    evidence.require(answered == (i % 20 != 0), "call " + i + ": " + call);
                    if (answered) {
                        evidence.require(call.join().text().equals("" + (seen.size() - 1)), "an old answer");
                    }
                }
                evidence.proof(
                                "highestId",
                                Long.toHexString(
                                        seen.stream().mapToLong(id -> id).max().orElseThrow()))
                        .proof(
                                "lowestId",
                                seen.stream().mapToLong(id -> id).min().orElseThrow())
                        .proof("oldAnswers", calls / 20 - (calls - seen.size()));
                evidence.require(seen.contains(0L) && seen.contains(Long.MAX_VALUE), "the ids did not wrap");
                other.close();
            }
        });
        MATRIX.after("traffic.ids-wrap", before.left());
    }

    /** One that asks for STARTED is answered only with the next: by then its deadline has passed. */
    private static void answer(WireSide side, WireSide.Seen frame, List<Long> seen, List<Long> owed)
            throws IOException {
        if (frame.kind() == Kind.REQUEST) {
            int number = seen.size();
            seen.add(frame.id());
            if ((frame.flags() & Flags.WANT_STARTED) != 0) {
                owed.add(frame.id());
                return;
            }
            for (long id : owed) {
                side.reply(id, new Talk.Answer("old"));
            }
            owed.clear();
            side.reply(frame.id(), new Talk.Answer("" + number));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void channelOfOneByteStillMoves(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        MATRIX.runAtOnce("traffic.one-byte", combo, evidence -> {
            int calls = Plan.row("traffic.one-byte").cases(Profile.current());
            try (Both both = new Both(peer(combo), peer(combo), 1)) {
                both.child.start();
                List<CompletableFuture<Talk.Answer>> open = new ArrayList<>();
                for (int i = 0; i < calls; i++) {
                    open.add(both.parent.request(new Talk.Ask("" + i)));
                }
                for (CompletableFuture<Talk.Answer> call : open) {
                    Outcomes.count(call, evidence);
                    evidence.require(!call.isCompletedExceptionally(), "not answered: " + call);
                }
                evidence.proof("capacityBytes", 1);
            }
        });
        MATRIX.after("traffic.one-byte", before.left());
    }

    /** Two sessions; the child echoes on an executor. */
    private static final class Both implements AutoCloseable {

        private final IpcPeer left;
        private final IpcPeer right;
        private final IpcSession parent;
        private final IpcSession child;

        Both(IpcPeer.Builder left, IpcPeer.Builder right, int capacityBytes) {
            MemoryChannel.Pair pair = MemoryChannel.pair(capacityBytes);
            this.left = left.build();
            this.right = right.build();
            parent = this.left.createSession(pair.left(), Role.PARENT);
            child = this.right.createSession(pair.right(), Role.CHILD);
            child.onRequest(Talk.Ask.class, ask -> new Talk.Answer(ask.text()));
        }

        /** Runs a body on several threads and waits for all. */
        void atOnce(int threads, IntConsumer body) throws Exception {
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            try {
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    int number = i;
                    all.add(pool.submit(() -> body.accept(number)));
                }
                for (Future<?> each : all) {
                    each.get(60, SECONDS);
                }
            } finally {
                pool.shutdown();
            }
        }

        @Override
        public void close() {
            left.close();
            right.close();
        }
    }
}
