package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.callback.Callbacks;
import dev.streamipc.channel.Eventually;
import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.CallInFlight;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import dev.streamipc.session.Samples.Note;
import dev.streamipc.session.Work.Noted;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every queue keeps its bound, and what is at its bound harms nobody else. */
@Timeout(30)
class BoundsTest {

    private static final int MAX_ITEMS = 10;
    private static final long MAX_BYTES = 1_000;

    private static Noted noted(int number, int bytes) {
        return new Noted(Arrived.of(new Note(number), bytes));
    }

    @Test
    void largeNotificationsBehindSmallOnesKeepTheBoundInBytes() {
        WorkQueue queue = new WorkQueue(MAX_ITEMS, MAX_BYTES);
        int dropped = 0;
        for (int i = 0; i < MAX_ITEMS; i++) {
            dropped += queue.push(noted(i, 1));
        }
        for (int i = 0; i < MAX_ITEMS; i++) {
            dropped += queue.push(noted(100 + i, 900));
        }

        List<Work> left = queue.take(100);
        long bytes = left.stream().mapToLong(Work::payloadBytes).sum();
        assertTrue(bytes <= MAX_BYTES + 900, "bytes=" + bytes);
        assertEquals(2 * MAX_ITEMS, left.size() + dropped);
        assertEquals(new Note(109), left.get(left.size() - 1).message());
    }

    @Test
    void batchCountsUntilTheTurnOfEachHasCome() {
        WorkQueue queue = new WorkQueue(MAX_ITEMS, MAX_BYTES);
        for (int i = 0; i < MAX_ITEMS; i++) {
            assertEquals(0, queue.push(noted(i, 1)));
        }
        List<Work> batch = queue.takeBatch(MAX_ITEMS);
        assertTrue(queue.isEmpty() && queue.hasMore());

        assertEquals(1, queue.push(noted(100, 1)), "all items of the batch still wait");
        queue.begun(batch.get(0));
        assertEquals(0, queue.push(noted(101, (int) MAX_BYTES)));
        batch.subList(1, MAX_ITEMS).forEach(queue::begun);
        assertEquals(1, queue.push(noted(102, 1)), "the large one is at the bound, and goes for this");
        assertEquals(
                List.of(new Note(102)),
                queue.take(MAX_ITEMS).stream().map(Work::message).toList());
        assertTrue(!queue.hasMore());

        queue.push(noted(103, (int) MAX_BYTES));
        Work large = queue.takeBatch(1).get(0);
        assertEquals(1, queue.push(noted(104, 1)), "all bytes of the batch still wait");
        queue.begun(large);
        assertEquals(0, queue.push(noted(105, 1)));
    }

    @Test
    void whoWaitsForFewerCallsGoesOnAfterOneHasEndedAndWhenNoneIsTaken() throws Exception {
        PendingCalls calls = new PendingCalls(1);
        assertNull(calls.register(call(1)));
        FutureTask<RoomWaits.End> first = waiting(calls);
        calls.remove(1);
        assertEquals(RoomWaits.End.ROOM, first.get());

        assertNull(calls.register(call(2)));
        assertEquals(RoomWaits.End.TIME_UP, calls.awaitFewer(1));
        FutureTask<RoomWaits.End> second = waiting(calls);
        calls.refuse(phase -> new SessionClosed(phase, SessionClosed.Who.THIS_SIDE, "over"));
        assertEquals(RoomWaits.End.OVER, second.get());
    }

    private static FutureTask<RoomWaits.End> waiting(PendingCalls calls) throws Exception {
        FutureTask<RoomWaits.End> wait = new FutureTask<>(() -> calls.awaitFewer(TimeUnit.MINUTES.toNanos(5)));
        Thread thread = new Thread(wait, "test-waiter");
        thread.setDaemon(true);
        thread.start();
        Eventually.awaitBlocked(thread);
        return wait;
    }

    @Test
    void mailboxKeepsItsBoundInBytes() throws Exception {
        Mailbox mailbox = new Mailbox(MAX_ITEMS, MAX_BYTES);
        int dropped = 0;
        for (int i = 0; i < MAX_ITEMS; i++) {
            dropped += mailbox.push(noted(i, 1));
        }
        for (int i = 0; i < MAX_ITEMS; i++) {
            dropped += mailbox.push(noted(100 + i, 900));
        }

        int left = 0;
        while (mailbox.receive(0).isPresent()) {
            left++;
        }
        assertTrue(left <= 2, "left=" + left);
        assertEquals(2 * MAX_ITEMS, left + dropped);
    }

    @Test
    void slowObserverIsNotFloodedAndStillHearsTheEnd() {
        Queue<Runnable> callbacks = new ArrayDeque<>();
        Observers observers = new Observers(callbacks::add);
        List<SessionEvent> heard = new ArrayList<>();
        observers.add(heard::add);
        for (int i = 0; i < 100_000; i++) {
            observers.tell(new SessionEvent.Junk("noise"));
        }
        SessionEvent closed =
                new SessionEvent.Closed(new SessionClosed(Phase.QUEUED, SessionClosed.Who.STREAM, "over"));
        observers.tell(closed);

        assertTrue(callbacks.size() <= Observers.MAX_WAITING + 1, "waiting=" + callbacks.size());
        callbacks.forEach(Runnable::run);
        assertSame(closed, heard.get(heard.size() - 1));
    }

    @Test
    void callbackExecutorThatTakesNothingHarmsOnlyItsObservers() {
        Observers observers = new Observers(task -> {
            throw new RejectedExecutionException("shut down");
        });
        observers.add(event -> {});

        observers.tell(new SessionEvent.LateAnswer(1));
    }

    @Test
    void callIsRemovedByItselfAndNotByItsNumber() {
        PendingCalls calls = new PendingCalls(MAX_ITEMS);
        PendingCall<Answer> old = call(7);
        PendingCall<Answer> young = call(7);
        assertNull(calls.register(old));
        assertSame(old, calls.remove(7));
        assertNull(calls.register(young));

        calls.remove(old);
        assertSame(young, calls.remove(7));
    }

    @Test
    void callIsTheOnlyOneWhileThereIsNoOther() {
        PendingCalls calls = new PendingCalls(MAX_ITEMS);
        assertEquals(Optional.empty(), calls.only());
        calls.register(call(7));
        assertEquals(Optional.of(new CallInFlight(7, "Ask")), calls.only());
        calls.register(call(8));
        assertEquals(Optional.empty(), calls.only());

        calls.remove(7);
        assertEquals(Optional.of(new CallInFlight(8, "Ask")), calls.only());
    }

    private static PendingCall<Answer> call(long id) {
        return new PendingCall<>(
                new Callbacks(Runnable::run, Scheduler.ofThisJvm(), Runnable::run),
                new PendingCall.Facts(
                        id, Ask.class, 0, Duration.ofSeconds(1), null, null, null, null, answer -> answer),
                call -> {});
    }

    @Test
    void numberThatWasUsedTwiceMeansTheLaterRequest() {
        ReadMarks marks = new ReadMarks();
        marks.remember(passage(7, 100));
        marks.remember(passage(7, 900));
        marks.remember(passage(8, 500));

        assertEquals(900, marks.startOf(7));
    }

    private static Passage passage(long id, long startBytes) {
        Passage passage = new PlainPassage(id, true);
        passage.standsAt(startBytes, 50);
        return passage;
    }

    @Test
    void verdictOfTheFirstEndIsKept() {
        PendingCalls calls = new PendingCalls(MAX_ITEMS);
        Function<Phase, IpcFailure> first = phase -> new SessionClosed(phase, SessionClosed.Who.THIS_SIDE, "first");
        calls.refuse(first);
        calls.refuse(phase -> new SessionClosed(phase, SessionClosed.Who.STREAM, "second"));

        SessionClosed refusal = assertInstanceOf(SessionClosed.class, calls.register(call(1)));
        assertEquals(SessionClosed.Who.THIS_SIDE, refusal.who());
    }
}
