package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.channel.MemoryChannel;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Note;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What callers meet while the other side reads nothing. */
@Timeout(60)
class WhenFullTest {

    private static final int LIMIT_BYTES = 20_000;
    private static final int STUCK_LOOKS = 20;
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final long LATE_MILLIS = 10_000;
    private static final CallOptions WAITING = CallOptions.DEFAULT.whenFull(WhenFull.WAIT);
    private static final CallOptions FILLING =
            CallOptions.deadline(Duration.ofHours(1)).whenFull(WhenFull.REJECT);
    private static final Ask FILL = new Ask("x".repeat(1_000));

    private final MemoryChannel.Pair pair = MemoryChannel.pair(4_096);
    private final Valve valve = new Valve(pair.right());
    private final IpcPeer other = builder().closeLimit(Duration.ofSeconds(20)).build();
    private final CountDownLatch release = new CountDownLatch(1);
    private IpcPeer peer;
    private IpcSession session;
    private IpcSession child;

    private static IpcPeer.Builder builder() {
        return IpcPeer.builder()
                .messages(Samples.ALL)
                .limits(Limits.DEFAULT.withMaxOutboundBytes(LIMIT_BYTES))
                .closeLimit(Duration.ofMillis(500));
    }

    private void connect(IpcPeer.Builder settings) {
        peer = settings.build();
        session = peer.createSession(pair.left(), Role.PARENT);
        child = other.createSession(valve, Role.CHILD);
        child.onRequest(Ask.class, ask -> {
            if (ask.text().equals("held")) {
                release.await();
            }
            return new Answer(ask.text());
        });
        child.start();
        session.call(new Ask("connected"), CallOptions.deadline(Duration.ofSeconds(20)));
    }

    @AfterEach
    void close() {
        release.countDown();
        valve.open();
        peer.close();
        other.close();
    }

    /** Lets the other side read nothing, and returns when the channel is full and there is no room left. */
    private void fill() throws Exception {
        valve.shut();
        int[] refusedInARow = {0};
        Eventually.await("the queue to be full", () -> {
            boolean refused = session.request(FILL, FILLING).isDone();
            refusedInARow[0] = refused ? refusedInARow[0] + 1 : 0;
            return refusedInARow[0] == STUCK_LOOKS;
        });
    }

    private record Waiter<T>(Thread thread, FutureTask<T> task) {

        /** Returns what it failed with. */
        IpcFailure failure() {
            Throwable thrown = assertThrows(ExecutionException.class, () -> task.get(20, TimeUnit.SECONDS))
                    .getCause();
            return assertInstanceOf(
                    IpcFailure.class, thrown instanceof CompletionException ? thrown.getCause() : thrown);
        }
    }

    /** Starts a thread and returns once it waits. */
    private static <T> Waiter<T> waiting(Callable<T> body) throws Exception {
        FutureTask<T> task = new FutureTask<>(body);
        Thread thread = new Thread(task, "test-waiter");
        thread.setDaemon(true);
        thread.start();
        Eventually.awaitBlocked(thread);
        return new Waiter<>(thread, task);
    }

    private Waiter<Answer> waitingRequest() throws Exception {
        return waiting(() -> session.request(new Ask("waited"), WAITING).join());
    }

    private Waiter<Object> waitingNotify() throws Exception {
        return waiting(() -> {
            session.notify(new Note(1));
            return true;
        });
    }

    private static IpcFailure failureOf(CompletableFuture<?> call) {
        CompletionException failed = assertThrows(CompletionException.class, call::join);
        return assertInstanceOf(IpcFailure.class, failed.getCause());
    }

    private static void assertFull(IpcFailure failure, String fact) {
        Rejected rejected = assertInstanceOf(Rejected.class, failure);
        assertEquals(Rejected.Reason.QUEUE_FULL, rejected.reason());
        assertTrue(String.valueOf(rejected.getMessage()).contains(fact), rejected.getMessage());
    }

    private static long millisSince(long startNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    @Test
    void unlessToldToWaitTheyAreRefusedAtOnce() throws Exception {
        connect(builder());
        fill();

        assertFull(failureOf(session.request(new Ask("late"))), "maxOutboundBytes=" + LIMIT_BYTES);
        assertFull(assertThrows(Rejected.class, () -> session.notify(new Note(1))), "maxOutboundBytes=" + LIMIT_BYTES);
    }

    @Test
    void waitingRequestIsSentWhenThereIsRoom() throws Exception {
        connect(builder());
        fill();
        Waiter<Answer> request = waitingRequest();
        valve.open();

        assertEquals(new Answer("waited"), request.task().get(20, TimeUnit.SECONDS));
    }

    @Test
    void waitingNotificationIsSentWhenThereIsRoom() throws Exception {
        connect(builder().whenFull(WhenFull.WAIT));
        CompletableFuture<Note> arrived = new CompletableFuture<>();
        child.onMessage(Note.class, arrived::complete);
        fill();
        Waiter<Object> notify = waitingNotify();
        valve.open();

        notify.task().get(20, TimeUnit.SECONDS);
        assertEquals(new Note(1), arrived.get(20, TimeUnit.SECONDS));
    }

    @Test
    void requestWaitsUntilItsDeadlineAndWasNotExecuted() throws Exception {
        connect(builder().whenFull(WhenFull.WAIT));
        fill();
        long start = System.nanoTime();
        CompletableFuture<Answer> call = session.request(new Ask("late"), CallOptions.deadline(SHORT));
        long tookMillis = millisSince(start);

        DeadlinePassed failure = assertInstanceOf(DeadlinePassed.class, failureOf(call));
        assertEquals(Phase.QUEUED, failure.phase());
        assertEquals(Certainty.NOT_EXECUTED, failure.certainty());
        assertTrue(tookMillis >= SHORT.toMillis() && tookMillis < LATE_MILLIS, "tookMillis=" + tookMillis);
    }

    @Test
    void notificationWaitsAsLongAsTheDefaultDeadlineAndSaysHowLong() throws Exception {
        connect(builder().whenFull(WhenFull.WAIT).deadline(SHORT));
        fill();
        long start = System.nanoTime();
        Rejected refused = assertThrows(Rejected.class, () -> session.notify(new Note(1)));
        long tookMillis = millisSince(start);

        assertFull(refused, "waitedMs=");
        assertTrue(tookMillis >= SHORT.toMillis() && tookMillis < LATE_MILLIS, "tookMillis=" + tookMillis);
    }

    @Test
    void interruptEndsTheWaitAndStaysWithTheThread() throws Exception {
        connect(builder().whenFull(WhenFull.WAIT));
        fill();
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Waiter<Object> request = waiting(() -> {
            CompletableFuture<Answer> call = session.request(new Ask("late"));
            flag.complete(Thread.currentThread().isInterrupted());
            return call.getNow(null);
        });
        Waiter<Object> notify = waitingNotify();
        request.thread().interrupt();
        notify.thread().interrupt();

        assertFull(request.failure(), "interrupted");
        assertTrue(flag.join());
        assertFull(notify.failure(), "interrupted");
    }

    @Test
    void closeEndsTheWaitAtOnceWithWhatEndedTheSession() throws Exception {
        connect(builder().whenFull(WhenFull.WAIT).closeLimit(Duration.ofSeconds(20)));
        fill();
        Waiter<Answer> request = waitingRequest();
        Waiter<Object> notify = waitingNotify();
        long start = System.nanoTime();
        session.beginClose();

        for (Waiter<?> waiter : List.of(request, notify)) {
            SessionClosed failure = assertInstanceOf(SessionClosed.class, waiter.failure());
            assertEquals(SessionClosed.Who.THIS_SIDE, failure.who());
            assertEquals(Certainty.NOT_EXECUTED, failure.certainty());
        }
        assertTrue(millisSince(start) < LATE_MILLIS, "tookMillis=" + millisSince(start));
    }

    @Test
    void endOfTheStreamEndsTheWaitWithWhatEndedTheSession() throws Exception {
        connect(builder().whenFull(WhenFull.WAIT));
        fill();
        Waiter<Answer> request = waitingRequest();
        Waiter<Object> notify = waitingNotify();
        pair.right().close();

        assertEquals(
                SessionClosed.Who.STREAM,
                assertInstanceOf(SessionClosed.class, request.failure()).who());
        assertEquals(
                SessionClosed.Who.STREAM,
                assertInstanceOf(SessionClosed.class, notify.failure()).who());
    }

    @Test
    void goodbyeOfTheOtherSideEndsTheWait() throws Exception {
        connect(builder().whenFull(WhenFull.WAIT));
        fill();
        Waiter<Answer> request = waitingRequest();
        Waiter<Object> notify = waitingNotify();
        long start = System.nanoTime();
        child.beginClose();

        assertEquals(Certainty.NOT_EXECUTED, request.failure().certainty());
        assertEquals(
                SessionClosed.Who.OTHER_SIDE,
                assertInstanceOf(SessionClosed.class, notify.failure()).who());
        assertTrue(millisSince(start) < LATE_MILLIS, "tookMillis=" + millisSince(start));
    }

    @Test
    void requestWaitsForACallInFlightToEnd() throws Exception {
        connect(builder().limits(Limits.DEFAULT.withMaxCalls(1)));
        CompletableFuture<Answer> held = session.request(new Ask("held"));
        assertFull(failureOf(session.request(new Ask("one too many"))), "maxCalls=1");
        Waiter<Answer> first = waitingRequest();
        Waiter<Answer> second = waitingRequest();
        assertInstanceOf(
                DeadlinePassed.class,
                failureOf(session.request(
                        new Ask("late"), CallOptions.deadline(SHORT).whenFull(WhenFull.WAIT))));
        release.countDown();

        assertEquals(new Answer("held"), held.join());
        assertEquals(new Answer("waited"), first.task().get(20, TimeUnit.SECONDS));
        assertEquals(new Answer("waited"), second.task().get(20, TimeUnit.SECONDS));
    }

    @Test
    void interruptAndCloseEndTheWaitForACallInFlight() throws Exception {
        connect(builder().limits(Limits.DEFAULT.withMaxCalls(1)));
        session.request(new Ask("held"));
        Waiter<Answer> interrupted = waitingRequest();
        Waiter<Answer> closed = waitingRequest();
        interrupted.thread().interrupt();
        assertFull(interrupted.failure(), "maxCalls=1");
        session.beginClose();

        assertInstanceOf(SessionClosed.class, closed.failure());
    }

    @Test
    void broadcastNeverWaits() throws Exception {
        connect(builder().whenFull(WhenFull.WAIT));
        fill();
        long start = System.nanoTime();
        List<BroadcastResult> results = peer.broadcast(new Note(1));
        long tookMillis = millisSince(start);

        assertEquals(1, results.size());
        assertFull(results.get(0).refusal().orElseThrow(), "queue=outbound");
        assertTrue(tookMillis < LATE_MILLIS, "tookMillis=" + tookMillis);
    }

    @ParameterizedTest
    @EnumSource(WhenFull.class)
    void barrierOverAFullQueueEndsByItsDeadlineAndWorksOnceThereIsRoom(WhenFull policy) throws Exception {
        connect(builder().whenFull(policy));
        fill();
        long start = System.nanoTime();
        assertThrows(DeadlinePassed.class, () -> session.flush(SHORT));
        long tookMillis = millisSince(start);
        valve.open();

        session.flush(Duration.ofSeconds(20));
        assertTrue(tookMillis < LATE_MILLIS, "tookMillis=" + tookMillis);
    }

    @Test
    void writerBlockedOnAFullChannelDoesNotHoldUpClose() throws Exception {
        connect(builder());
        fill();
        long start = System.nanoTime();
        session.close();
        long tookMillis = millisSince(start);

        assertTrue(session.isClosed());
        assertTrue(tookMillis < 5_000, "tookMillis=" + tookMillis);
    }
}
