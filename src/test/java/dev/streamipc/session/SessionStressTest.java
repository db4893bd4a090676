package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Rejected;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Note;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several threads on both sides ask, cancel, notify and let deadlines pass, over a small channel. */
@Timeout(90)
class SessionStressTest {

    private static final int THREADS = 3;
    private static final int ROUNDS = 1_500;

    private final Set<String> executed = ConcurrentHashMap.newKeySet();
    private final Set<String> notExecuted = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean inOrder = new AtomicBoolean(true);
    private final AtomicInteger answered = new AtomicInteger();

    private static IpcPeer peer() {
        return IpcPeer.builder()
                .messages(Samples.ALL)
                .deadline(Duration.ofSeconds(20))
                .limits(Limits.DEFAULT.withMaxOutboundBytes(20_000).withMaxInbound(200, 100_000))
                .closeLimit(Duration.ofSeconds(2))
                .build();
    }

    @ParameterizedTest(name = "parent {0}, child {1}, {2} bytes")
    @CsvSource({"reader, reader, 4096", "reader, pump, 4096", "pump, reader, 5000", "pump, pump, 4096", "pump, pump, 64"
    })
    void everyCallEndsOnceAndNotExecutedIsNoLie(String parentDrive, String childDrive, int capacity) throws Exception {
        try (IpcPeer left = peer();
                IpcPeer right = peer()) {
            MemoryChannel.Pair pair = MemoryChannel.pair(capacity);
            IpcSession parent = left.createSession(pair.left(), Role.PARENT);
            IpcSession child = right.createSession(pair.right(), Role.CHILD);
            handle(parent);
            handle(child);
            drive(child, childDrive);
            drive(parent, parentDrive);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int seed = i;
                threads.add(new Thread(() -> use(parent, "p" + seed, new Random(seed))));
                threads.add(new Thread(() -> use(child, "c" + seed, new Random(100 + seed))));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join(60_000);
                assertTrue(!thread.isAlive(), "a user's thread hangs: " + List.of(thread.getStackTrace()));
            }
            parent.flush(Duration.ofSeconds(10));
            child.flush(Duration.ofSeconds(10));
        }

        notExecuted.retainAll(executed);
        assertEquals(Set.of(), notExecuted);
        assertTrue(inOrder.get(), "notifications out of order");
        assertTrue(answered.get() > ROUNDS, "answered=" + answered.get());
    }

    private void handle(IpcSession session) {
        session.onRequest(Ask.class, ask -> {
            executed.add(ask.text());
            if (ask.text().hashCode() % 50 == 0) {
                session.request(new Ask(ask.text() + "-back"));
            }
            return new Answer(ask.text());
        });
        int[] last = {-1};
        session.onMessage(Note.class, note -> {
            if (note.number() <= last[0]) {
                inOrder.set(false);
            }
            last[0] = note.number();
        });
    }

    private static void drive(IpcSession session, String how) {
        if (how.equals("pump")) {
            Thread pump = new Thread(session::serve, "test-pump");
            pump.setDaemon(true);
            pump.start();
        } else {
            session.start();
        }
    }

    private void use(IpcSession session, String name, Random random) {
        List<CompletableFuture<Answer>> open = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            String text = name + "-" + i;
            CallOptions options = random.nextInt(5) == 0
                    ? CallOptions.deadline(Duration.ofMillis(1 + random.nextInt(5)))
                    : CallOptions.DEFAULT;
            CompletableFuture<Answer> call = session.request(new Ask(text), options);
            if (random.nextInt(5) == 0) {
                call.cancel(true);
            }
            open.add(call.whenComplete((answer, failure) -> settle(text, answer, failure)));
            if (name.endsWith("0")) {
                note(session, i);
            }
            if (random.nextInt(20) == 0) {
                open.forEach(SessionStressTest::await);
                open.clear();
            }
        }
        open.forEach(SessionStressTest::await);
    }

    private static void note(IpcSession session, int number) {
        try {
            session.notify(new Note(number));
        } catch (Rejected full) {
            assertEquals(Rejected.Reason.QUEUE_FULL, full.reason());
        }
    }

    private void settle(String text, Answer answer, Throwable failure) {
        if (answer != null) {
            answered.incrementAndGet();
            inOrder.compareAndSet(true, answer.text().equals(text));
        } else if (assertInstanceOf(IpcFailure.class, failure).certainty() == Certainty.NOT_EXECUTED) {
            notExecuted.add(text);
        }
    }

    private static void await(CompletableFuture<Answer> call) {
        try {
            call.handle((answer, failure) -> answer).get(30, TimeUnit.SECONDS);
        } catch (Exception hangs) {
            throw new AssertionError("a call does not end", hangs);
        }
    }
}
