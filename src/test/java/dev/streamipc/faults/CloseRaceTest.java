package dev.streamipc.faults;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Role;
import dev.streamipc.session.SessionEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls behind a close, calls that race it, and closes that race each other. */
@Timeout(300)
class CloseRaceTest {

    static final int CALLS_A_RACE = 100;
    private static final int SUBMITTERS = 4;
    private static final int CLOSERS = 100;
    private static final Matrix MATRIX = Matrix.of(CloseRaceTest.class);

    private enum End {
        CLOSED_HERE,
        CLOSED_THERE,
        STREAM_ENDED
    }

    /** Each end, with a reader and as a pump. */
    static final int ENDS = 2 * End.values().length;

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void whatIsAskedBehindTheEndFailsAtOnce(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        for (int number = 1; number <= Plan.row("close.ask-after").cases(Profile.current()); number++) {
            End end = End.values()[number % 3];
            boolean pump = number / 3 % 2 == 0;
            MATRIX.run("close.ask-after", combo, number, evidence -> {
                try (Both both = new Both(combo)) {
                    Sessions.drive(both.parent, pump);
                    both.parent.call(new Talk.Ask("hi"));
                    both.end(end);
                    Eventually.await("the session has ended", both.parent::isClosed);
                    evidence.proof("end", end).proof("drive", pump ? "pump" : "reader");
                    allFails(both.parent, evidence);
                }
            });
        }
        MATRIX.after("close.ask-after", before.left());
    }

    private static void allFails(IpcSession session, Evidence evidence) throws Exception {
        List<CompletableFuture<?>> calls = List.of(
                session.request(new Talk.Ask("late")),
                session.ping(Duration.ofSeconds(5)),
                CompletableFuture.runAsync(() -> session.call(new Talk.Ask("late"))),
                CompletableFuture.runAsync(() -> session.notify(new Talk.Note(1))),
                CompletableFuture.runAsync(() -> session.flush(Duration.ofSeconds(5))));
        for (CompletableFuture<?> call : calls) {
            Throwable thrown = call.handle((value, failure) -> failure).get(5, SECONDS);
            IpcFailure failure = (IpcFailure) (thrown instanceof IpcFailure ? thrown : thrown.getCause());
            evidence.failed(failure);
            evidence.require(
                    failure instanceof SessionClosed && failure.certainty() == Certainty.NOT_EXECUTED,
                    "wrong failure: " + failure);
        }
        evidence.require(session.receive(Duration.ofSeconds(5)).isEmpty(), "received something");
        evidence.require(!session.tick(Duration.ofSeconds(5)), "tick says that the session is open");
        evidence.require(!session.tickFor(Duration.ofSeconds(5)), "tickFor says that the session is open");
        session.start();
        session.serve();
        session.onRequest(Talk.Ask.class, ask -> null).close();
        session.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void callsThatRaceACloseHaveOneTrueOutcomeEach(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        MATRIX.runAtOnce("close.during-ask", combo, evidence -> {
            int races = Plan.row("close.during-ask").cases(Profile.current()) / CALLS_A_RACE;
            int[] closedFirst = {0};
            for (int race = 0; race < races; race++) {
                race(combo, race, closedFirst, evidence);
            }
            evidence.proof("races", races).proof("callsThatMetTheClose", closedFirst[0]);
            evidence.require(closedFirst[0] > races, "the close met too few calls: " + closedFirst[0]);
        });
        MATRIX.after("close.during-ask", before.left());
    }

    private static void race(Combo combo, int race, int[] closedFirst, Evidence evidence) throws Exception {
        try (Both both = new Both(combo)) {
            Sessions.drive(both.parent, race % 2 == 0);
            both.parent.call(new Talk.Ask("warm"));
            Map<String, CompletableFuture<?>> calls = new ConcurrentHashMap<>();
            List<Thread> threads = new ArrayList<>();
            CyclicBarrier together = new CyclicBarrier(SUBMITTERS + 1);
            for (int i = 0; i < SUBMITTERS; i++) {
                int first = i * CALLS_A_RACE / SUBMITTERS;
                threads.add(started(together, () -> {
                    for (int call = first; call < first + CALLS_A_RACE / SUBMITTERS; call++) {
                        calls.put("ask " + call, both.parent.request(new Talk.Ask("ask " + call)));
                    }
                }));
            }
            int callsFirst = race * 7 % CALLS_A_RACE;
            threads.add(started(together, () -> {
                while (calls.size() < callsFirst) {
                    Thread.onSpinWait();
                }
                both.end(End.values()[race % 3]);
            }));
            for (Thread thread : threads) {
                thread.join(20_000);
                evidence.require(!thread.isAlive(), "a thread hangs");
            }
            evidence.require(calls.size() == CALLS_A_RACE, "calls are missing");
            for (Map.Entry<String, CompletableFuture<?>> call : calls.entrySet()) {
                Outcomes.count(call.getValue(), evidence);
                boolean failed = call.getValue().isCompletedExceptionally();
                closedFirst[0] += failed ? 1 : 0;
                boolean executed = both.executed.contains(call.getKey());
                boolean denied = failed && certainty(call.getValue()) == Certainty.NOT_EXECUTED;
                evidence.count("false NOT_EXECUTED", denied && executed ? 1 : 0);
                evidence.require(!(denied && executed), "executed after all: " + call.getKey());
                evidence.require(failed || executed, "answered without a handler: " + call.getKey());
            }
        }
    }

    private static Certainty certainty(CompletableFuture<?> call) throws Exception {
        return ((IpcFailure) call.handle((value, failure) -> failure).get(5, SECONDS)).certainty();
    }

    private static Thread started(CyclicBarrier together, Runnable body) {
        Thread thread = new Thread(
                () -> {
                    try {
                        together.await(20, SECONDS);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                    body.run();
                },
                "test-racer");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @ParameterizedTest
    @EnumSource(
            value = Combo.class,
            names = {"KRYO_FAKE", "JSON_FAKE"})
    void aHundredThreadsCloseAtOnce(Combo combo) throws Exception {
        Leftovers before = Leftovers.now();
        MATRIX.runAll("close.hundred-threads", combo, evidence -> {
            try (Both both = new Both(combo)) {
                AtomicInteger closedEvents = new AtomicInteger();
                both.parent.events(event -> closedEvents.addAndGet(event instanceof SessionEvent.Closed ? 1 : 0));
                both.parent.start();
                both.parent.call(new Talk.Ask("warm"));
                List<CompletableFuture<?>> calls = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    calls.add(both.parent.request(new Talk.Ask("hold " + i)));
                }
                both.entered.await(20, SECONDS);
                // the first is being handled, the others wait behind it
                CyclicBarrier together = new CyclicBarrier(CLOSERS, both.release::countDown);
                AtomicInteger closed = new AtomicInteger();
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < CLOSERS; i++) {
                    AutoCloseable what =
                            List.of(both.parent, both.child, both.left).get(i % 3);
                    threads.add(started(together, () -> {
                        try {
                            what.close();
                            closed.incrementAndGet();
                        } catch (Exception e) {
                            evidence.violation("close threw " + e);
                        }
                    }));
                }
                for (Thread thread : threads) {
                    thread.join(20_000);
                }
                for (CompletableFuture<?> call : calls) {
                    Outcomes.count(call, evidence);
                }
                Eventually.await("the end is told", () -> closedEvents.get() > 0);
                evidence.proof("closesThatReturned", closed.get());
                evidence.require(closed.get() == CLOSERS, "closes hang: returned=" + closed.get());
                evidence.require(closedEvents.get() == 1, "ends told: " + closedEvents.get());
                assertThrows(
                        IllegalStateException.class,
                        () -> both.left.createSession(
                                MemoryChannel.pair(1 << 12).left(), Role.PARENT));
            }
        });
        MATRIX.after("close.hundred-threads", before.left());
    }

    /** Two sessions; the child answers and notes what it did. */
    private static final class Both implements AutoCloseable {

        private final IpcPeer left;
        private final IpcPeer right;
        private final MemoryChannel.Pair pair = MemoryChannel.pair(1 << 14);
        private final IpcSession parent;
        private final IpcSession child;
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch release = new CountDownLatch(1);
        private final Set<String> executed = ConcurrentHashMap.newKeySet();

        Both(Combo combo) {
            left = peer(combo);
            right = peer(combo);
            parent = left.createSession(pair.left(), Role.PARENT);
            child = right.createSession(pair.right(), Role.CHILD);
            child.onRequest(Talk.Ask.class, ask -> {
                executed.add(ask.text());
                if (ask.text().startsWith("hold")) {
                    entered.countDown();
                    release.await(20, SECONDS);
                }
                return new Talk.Answer(ask.text());
            });
            child.start();
        }

        private static IpcPeer peer(Combo combo) {
            return IpcPeer.builder()
                    .messages(Talk.ALL)
                    .serializers(Talk.serializer(combo))
                    .deadline(Duration.ofSeconds(20))
                    .closeLimit(Duration.ofSeconds(1))
                    .build();
        }

        void end(End how) {
            switch (how) {
                case CLOSED_HERE -> parent.close();
                case CLOSED_THERE -> child.close();
                case STREAM_ENDED -> pair.right().close();
            }
        }

        @Override
        public void close() {
            left.close();
            right.close();
        }
    }
}
