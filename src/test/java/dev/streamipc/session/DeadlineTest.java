package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deadlines pass on time and never early, and shrink on their way from session to session. */
@Timeout(60)
class DeadlineTest {

    private static final int REAL_CALLS = 10_000;
    private static final int HOP_CALLS = 500;
    private static final Duration LATE_AT_MOST = Duration.ofMillis(2);

    private static IpcPeer.Builder builder() {
        return IpcPeer.builder().messages(Samples.ALL).closeLimit(Duration.ofMillis(300));
    }

    private static void assertPassed(CompletableFuture<?> call, Duration limit) {
        Throwable failure = assertThrows(CompletionException.class, call::join).getCause();
        assertTrue(
                assertInstanceOf(DeadlinePassed.class, failure).getMessage().contains("limitMs=" + limit.toMillis()),
                failure.getMessage());
    }

    /** While the clock stands still, a close would wait for a goodbye that nobody says. */
    private static void end(IpcSession session, HandClock clock) {
        session.beginClose();
        clock.advance(Duration.ofSeconds(1));
    }

    @Test
    void aDeadlineAlonePassesAtItsExactTime() {
        HandClock clock = new HandClock();
        try (IpcPeer peer = builder().scheduler(clock).build()) {
            IpcSession session = peer.createSession(MemoryChannel.pair(65_536).left(), Role.PARENT);
            Duration limit = Duration.ofNanos(123_456_789);
            CompletableFuture<Answer> call = session.request(new Ask("x"), CallOptions.deadline(limit));

            clock.advance(limit.minusNanos(1));
            assertFalse(call.isDone());
            clock.advance(Duration.ofNanos(1));

            assertTrue(call.isDone());
            assertPassed(call, limit);
            end(session, clock);
        }
    }

    @Test
    void manyDeadlinesPassNeverEarlyAndAtMostTwoMillisecondsLate() {
        HandClock clock = new HandClock();
        Random random = new Random(7);
        try (IpcPeer peer = builder().scheduler(clock).build()) {
            IpcSession session = peer.createSession(MemoryChannel.pair(65_536).left(), Role.PARENT);
            List<Long> limits = new ArrayList<>();
            List<CompletableFuture<Answer>> calls = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                long nanos = 1 + random.nextInt(50_000_000);
                limits.add(nanos);
                calls.add(session.request(new Ask("x"), CallOptions.deadline(Duration.ofNanos(nanos))));
            }
            while (calls.stream().anyMatch(call -> !call.isDone())) {
                clock.advance(Duration.ofNanos(100_000));
                for (int i = 0; i < calls.size(); i++) {
                    long lateNanos = clock.nanoTime() - limits.get(i);
                    assertTrue(lateNanos >= 0 || !calls.get(i).isDone(), "early");
                    assertTrue(
                            lateNanos <= LATE_AT_MOST.toNanos() + 100_000
                                    || calls.get(i).isDone(),
                            "late");
                }
            }
            end(session, clock);
        }
    }

    @Test
    void tenThousandRealDeadlinesPassNeverEarly() throws Exception {
        Random random = new Random(8);
        AtomicLongArray lateNanos = new AtomicLongArray(REAL_CALLS);
        CountDownLatch all = new CountDownLatch(REAL_CALLS);
        try (IpcPeer peer = builder().build()) {
            IpcSession session = peer.createSession(MemoryChannel.pair(65_536).left(), Role.PARENT);
            for (int i = 0; i < REAL_CALLS; i++) {
                int index = i;
                long nanos = TimeUnit.MILLISECONDS.toNanos(200) + random.nextInt(1_000_000_000);
                long atNanos = System.nanoTime() + nanos;
                session.request(new Ask("x"), CallOptions.deadline(Duration.ofNanos(nanos)))
                        .whenComplete((value, failure) -> {
                            lateNanos.set(index, System.nanoTime() - atNanos);
                            all.countDown();
                        });
            }
            assertTrue(all.await(30, TimeUnit.SECONDS));
        }
        long[] sorted = new long[REAL_CALLS];
        Arrays.setAll(sorted, lateNanos::get);
        Arrays.sort(sorted);

        System.out.printf(
                "deadlines: calls=%d, lateness p50Us=%d, p99Us=%d, maxUs=%d%n",
                REAL_CALLS,
                sorted[REAL_CALLS / 2] / 1_000,
                sorted[REAL_CALLS * 99 / 100] / 1_000,
                sorted[REAL_CALLS - 1] / 1_000);
        assertTrue(sorted[0] >= 0, "earlyNanos=" + -sorted[0]);
    }

    @Test
    void aChainOfSessionsSeesAtMostTheRest() {
        MemoryChannel.Pair first = MemoryChannel.pair(65_536);
        MemoryChannel.Pair second = MemoryChannel.pair(65_536);
        Duration limit = Duration.ofSeconds(20);
        long[] lostNanos = new long[2 * HOP_CALLS];
        try (IpcPeer a = builder().build();
                IpcPeer b = builder().build();
                IpcPeer c = builder().build()) {
            IpcSession aToB = a.createSession(first.left(), Role.PARENT);
            IpcSession bToA = b.createSession(first.right(), Role.CHILD);
            IpcSession bToC = b.createSession(second.left(), Role.PARENT);
            IpcSession cToB = c.createSession(second.right(), Role.CHILD);
            long[] deadlineOfB = new long[1];
            bToA.onRequest(Ask.class, (ask, context) -> {
                long left = context.timeLeft().toNanos();
                deadlineOfB[0] = System.nanoTime() + left;
                Answer answer = bToC.call(ask, CallOptions.deadline(Duration.ofHours(1)));
                assertTrue(Long.parseLong(answer.text().split(" ")[0]) <= left);
                return new Answer(answer.text());
            });
            cToB.onRequest(Ask.class, (ask, context) -> {
                long left = context.timeLeft().toNanos();
                return new Answer(left + " " + (System.nanoTime() + left));
            });
            bToA.start();
            cToB.start();
            for (int i = 0; i < HOP_CALLS; i++) {
                long deadlineOfA = System.nanoTime() + limit.toNanos();
                String[] seen = aToB.call(new Ask("x"), CallOptions.deadline(limit))
                        .text()
                        .split(" ");

                assertTrue(Long.parseLong(seen[0]) <= limit.toNanos());
                lostNanos[2 * i] = deadlineOfA - deadlineOfB[0];
                lostNanos[2 * i + 1] = deadlineOfB[0] - Long.parseLong(seen[1]);
            }
        }
        Arrays.sort(lostNanos);
        System.out.printf(
                "deadlines: hops=%d, lost per hop minUs=%d, p50Us=%d, maxUs=%d%n",
                lostNanos.length,
                lostNanos[0] / 1_000,
                lostNanos[HOP_CALLS] / 1_000,
                lostNanos[2 * HOP_CALLS - 1] / 1_000);
        // whole milliseconds travel, so a hop costs less than one; what it takes to get there is on the caller's side
        assertTrue(lostNanos[2 * HOP_CALLS - 1] < 1_000_000, "lostNanos=" + lostNanos[2 * HOP_CALLS - 1]);
        assertEquals(2 * HOP_CALLS, lostNanos.length);
    }
}
