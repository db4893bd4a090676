package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.LogMessage;
import dev.streamipc.message.Rejected;
import dev.streamipc.process.Child;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One of twenty children is stopped: it costs the others nothing. */
@Timeout(120)
class BroadcastTest {

    private static final int CHILDREN = 20;
    private static final int ROUNDS = 100;
    private static final int TEXT_BYTES = 10_000;
    private static final long QUICK_MILLIS = 5_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration STALL_LIMIT = Duration.ofMillis(400);
    private static final Duration CLOSE_LIMIT = Duration.ofMillis(300);
    private static final int LIMIT_BYTES = 256 * 1_024;
    private static final List<String> COUNTER = List.of(
            "from streamipc import Session, LogMessage, message",
            "@message(name='Samples.Ask')",
            "class Ask: text: str",
            "@message(name='Samples.Answer')",
            "class Answer: text: str",
            "session = Session.stdio()",
            "count = 0",
            "@session.on_message(LogMessage)",
            "def heard(log):",
            "    global count",
            "    count += 1",
            "@session.on_request(Ask)",
            "def answer(ask): return Answer(str(count))",
            "session.serve()");

    @TempDir
    private Path folder;

    private IpcPeer peer;
    private final List<IpcSession> children = new ArrayList<>();
    private final BlockingQueue<SessionEvent> events = new LinkedBlockingQueue<>();

    private void start(int count, WhenFull policy) throws IOException {
        Path script = Files.write(folder.resolve("counter.py"), COUNTER);
        peer = IpcPeer.builder()
                .messages(Samples.ALL)
                .limits(Limits.DEFAULT.withMaxOutboundBytes(LIMIT_BYTES))
                .whenFull(policy)
                .stallLimit(STALL_LIMIT)
                .closeLimit(CLOSE_LIMIT)
                .build();
        for (int i = 0; i < count; i++) {
            children.add(peer.spawn(Child.python(script.toString())));
        }
        children.get(0).events(events::add);
        children.forEach(IpcSession::start);
        children.forEach(child -> child.call(new Ask("ready?")));
    }

    @AfterEach
    void close() {
        peer.close();
    }

    private static void signal(IpcSession session, String name) throws Exception {
        long pid = session.process().orElseThrow().pid();
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor());
    }

    /** Broadcasts again and again, and returns how long the slowest but one in a hundred took to have it decoded. */
    private long p99Micros(List<IpcSession> listeners, Map<IpcSession, Long> refusals) {
        String text = "x".repeat(TEXT_BYTES);
        long[] tookNanos = new long[ROUNDS * listeners.size()];
        int taken = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (BroadcastResult result : peer.broadcast(new LogMessage(text))) {
                result.refusal().ifPresent(refusal -> {
                    assertEquals(
                            Rejected.Reason.QUEUE_FULL,
                            assertInstanceOf(Rejected.class, refusal).reason());
                    refusals.merge(result.session(), 1L, Long::sum);
                });
            }
            for (IpcSession listener : listeners) {
                listener.flush(PATIENCE);
                tookNanos[taken++] = System.nanoTime() - start;
            }
        }
        Arrays.sort(tookNanos);
        return TimeUnit.NANOSECONDS.toMicros(tookNanos[taken * 99 / 100]);
    }

    private <T extends SessionEvent> T awaitEvent(Class<T> type) throws InterruptedException {
        SessionEvent event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        while (event != null && !type.isInstance(event)) {
            event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        return assertInstanceOf(type, event);
    }

    private static void assertCounted(IpcSession child, long count) {
        assertEquals(new Answer(Long.toString(count)), child.call(new Ask("count?")), child.name());
    }

    @Test
    void stoppedChildHoldsUpNoOtherAndEachResultSaysWhatBecameOfIt() throws Exception {
        start(CHILDREN, WhenFull.WAIT);
        IpcSession stopped = children.get(0);
        List<IpcSession> others = children.subList(1, CHILDREN);
        Map<IpcSession, Long> refusals = new ConcurrentHashMap<>();
        p99Micros(others, refusals);
        long beforeMicros = p99Micros(others, refusals);
        assertEquals(Map.of(), refusals);
        signal(stopped, "STOP");
        long afterMicros = p99Micros(others, refusals);

        System.out.printf(
                "broadcast: children=%d, stopped=1, p99BeforeUs=%d, p99AfterUs=%d, ratio=%.2f, refused=%d%n",
                CHILDREN, beforeMicros, afterMicros, (double) afterMicros / beforeMicros, refusals.get(stopped));
        assertEquals(Set.of(stopped), refusals.keySet());
        assertTrue(afterMicros < TimeUnit.MILLISECONDS.toMicros(QUICK_MILLIS), "p99Micros=" + afterMicros);
        others.forEach(child -> assertCounted(child, 3 * ROUNDS));
        SessionEvent.Stalled stall = awaitEvent(SessionEvent.Stalled.class);
        assertTrue(stall.queuedBytes() > 0, stall.toString());
        assertTrue(stall.since().compareTo(STALL_LIMIT) >= 0, stall.toString());
        signal(stopped, "CONT");
        awaitEvent(SessionEvent.Resumed.class);
        assertCounted(stopped, 3 * ROUNDS - refusals.get(stopped));
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource(WhenFull.class)
    void closeIsBoundThoughTheWriterIsBlockedOnTheFullPipeOfAStoppedChild(WhenFull policy) throws Exception {
        start(1, policy);
        IpcSession stopped = children.get(0);
        ProcessHandle process = stopped.process().orElseThrow();
        signal(stopped, "STOP");
        LogMessage log = new LogMessage("x".repeat(TEXT_BYTES));
        while (peer.broadcast(log).get(0).refusal().isEmpty()) {
            assertTrue(!stopped.isClosed());
        }
        awaitEvent(SessionEvent.Stalled.class);

        long start = System.nanoTime();
        peer.close();
        long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);

        assertTrue(tookMillis < 2 * CLOSE_LIMIT.toMillis() + QUICK_MILLIS, "tookMillis=" + tookMillis);
        assertTrue(stopped.isClosed());
        process.onExit().get(QUICK_MILLIS, TimeUnit.MILLISECONDS);
    }
}
