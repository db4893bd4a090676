package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.dispatch.Rig.Puppet;
import dev.streamipc.message.Cancelled;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Ends of workers that come at a bad moment, or in another order than one would think; under virtual time. */
class PoolFaultsTest {

    private static final Workbench.Echoed ANSWER = new Workbench.Echoed("x", 1);

    private static PoolSettings deep(int least, int most) {
        return Rig.settings(new PoolSettings.Size(least, most, 0, 0, 4));
    }

    private static Certainty certainty(Task<?> task) {
        return ((IpcFailure) Rig.failure(task)).certainty();
    }

    /** A task that has been begun by a worker that died, and waits for the next. */
    private static Task<?> begunOnce(Rig rig, TaskOptions options) {
        Task<?> task = rig.call(options.idempotent(3));
        rig.die(rig.puppet(1));
        assertFalse(task.isDone());
        return task;
    }

    @Test
    void aTaskThatMayHaveBegunIsNeverSaidNotToWhenItsWaitIsOver() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        Task<?> task = begunOnce(rig, TaskOptions.DEFAULT.queueLimit(Duration.ofSeconds(1)));

        rig.time.advance(Duration.ofMillis(1_001));

        assertInstanceOf(DeadlinePassed.class, Rig.failure(task));
        assertEquals(Certainty.MAYBE_EXECUTED, certainty(task));
    }

    @Test
    void aTaskThatMayHaveBegunIsNeverSaidNotToWhenItIsCancelled() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        Task<?> task = begunOnce(rig, TaskOptions.DEFAULT);

        task.cancel(true);

        assertInstanceOf(
                Cancelled.class, task.handle((value, failure) -> failure).join());
        assertEquals(Certainty.MAYBE_EXECUTED, certainty(task));
    }

    @Test
    void aTaskThatMayHaveBegunIsNeverSaidNotToWhenAllPause() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        Task<?> task = begunOnce(rig, TaskOptions.DEFAULT);

        rig.pool.tripped("w-1", null);

        assertInstanceOf(ChildDied.class, Rig.failure(task));
        assertInstanceOf(Rejected.class, Rig.failure(task).getSuppressed()[0]);
    }

    @Test
    void aTaskThatMayHaveBegunIsNeverSaidNotToWhenThePoolCloses() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        Task<?> task = begunOnce(rig, TaskOptions.DEFAULT);

        rig.pool.refuseMore();
        rig.pool.failQueued("closed");

        assertEquals(Certainty.MAYBE_EXECUTED, certainty(task));
    }

    @Test
    void aTaskThatMayHaveBegunIsNeverSaidNotToByTheNextWorker() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        Task<?> task = begunOnce(rig, TaskOptions.DEFAULT);
        Puppet next = rig.ready("w-1");

        next.end(task, null, new DeadlinePassed(Phase.QUEUED, Duration.ofSeconds(1)));

        assertEquals(Certainty.MAYBE_EXECUTED, certainty(task));
    }

    @Test
    void aTaskThatWaitsAgainHasItsWholeWaitAndItsDeadline() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        TaskOptions options = TaskOptions.deadline(Duration.ofSeconds(5)).queueLimit(Duration.ofSeconds(3));
        Task<?> task = rig.call(options.idempotent(3));
        rig.time.advance(Duration.ofSeconds(4));

        rig.die(rig.puppet(1));
        rig.time.advance(Duration.ofMillis(999));
        assertFalse(task.isDone());
        rig.time.advance(Duration.ofMillis(2));

        assertInstanceOf(DeadlinePassed.class, Rig.failure(task));
    }

    @Test
    void whatAKilledWorkerHadNotBegunGoesToAnIdleOne() {
        Rig rig = new Rig(deep(1, 2)).up();
        rig.pool.fillUp();
        Task<?> stuck = rig.call(TaskOptions.DEFAULT.key("home"));
        Task<?> other = rig.call(TaskOptions.DEFAULT.key("home"));
        rig.puppet(1).begun.add(stuck);
        Task<?> third = rig.call();
        assertFalse(third.isDone());
        Puppet first = rig.puppet(1);
        first.end(third, ANSWER, null);
        for (int count = 0; count < 4; count++) {
            rig.call();
        }
        rig.time.advance(Duration.ofMillis(50));
        rig.up();
        Puppet idle = rig.puppet(2);
        new ArrayList<>(idle.running.keySet()).forEach(task -> idle.end(task, ANSWER, null));

        stuck.cancel(true);
        rig.time.advance(Duration.ofMillis(2_001));

        assertTrue(first.isKilled);
        assertTrue(idle.running.containsKey(other), "it waits while a worker is idle");
    }

    @Test
    void theEndOfAnotherTaskThatNeverBeganDoesNotFreeALateWorker() {
        Rig rig = new Rig(deep(1, 1)).up();
        Puppet worker = rig.puppet(1);
        Task<?> stuck = rig.call();
        Task<?> other = rig.call();
        worker.begun.add(stuck);

        stuck.cancel(true);
        worker.end(other, null, new Cancelled(Phase.QUEUED, "never left"));
        rig.time.advance(Duration.ofMillis(2_001));

        assertTrue(worker.isKilled);
    }

    @Test
    void theRunLimitOfATaskBehindAnotherIsKept() {
        Rig rig = new Rig(deep(1, 1)).up();
        Puppet worker = rig.puppet(1);
        Task<?> first = rig.call();
        Task<?> second = rig.call(TaskOptions.DEFAULT.runLimit(Duration.ofMillis(100)));
        worker.end(first, ANSWER, null);

        rig.time.advance(Duration.ofMillis(102));

        assertInstanceOf(DeadlinePassed.class, Rig.failure(second));
    }

    @Test
    void othersThatEndGiveTheFirstNoMoreTime() {
        Rig rig = new Rig(deep(1, 1)).up();
        Task<?> stuck = rig.call(TaskOptions.DEFAULT.runLimit(Duration.ofMillis(100)));
        Task<?> other = rig.call();
        rig.time.advance(Duration.ofMillis(60));
        other.cancel(true);

        rig.time.advance(Duration.ofMillis(42));

        assertInstanceOf(DeadlinePassed.class, Rig.failure(stuck));
    }

    @Test
    void whatHadNotBegunIsSentAgainEvenIfTheWorkerIsGoneFirst() {
        Rig rig = new Rig(deep(1, 1)).up();
        Puppet worker = rig.puppet(1);
        Task<?> task = rig.call();

        rig.pool.gone(worker.slot, worker.slot.life, Rig.died(Phase.QUEUED));
        worker.end(task, null, Rig.died(Phase.SENT));

        assertFalse(task.isDone());
        assertSame(task, rig.ready("w-1").first());
    }

    @Test
    void theNextLifeDoesNotVouchForWhatTheLastOneSent() {
        Rig rig = new Rig(deep(1, 1)).up();
        Puppet worker = rig.puppet(1);
        worker.isHeardWhole = false;
        Task<?> unsure = rig.call();
        rig.pool.gone(worker.slot, worker.slot.life, Rig.died(Phase.QUEUED));
        rig.ready("w-1");

        worker.end(unsure, null, Rig.died(Phase.SENT));

        assertEquals(Phase.SENT, ((ChildDied) Rig.failure(unsure)).phase());
    }

    @Test
    void aWorkerThatEndedBeforeItIsReadyIsNotReady() {
        Rig rig = new Rig(Rig.fixed(1));
        Slot slot = rig.wanted.get("w-1");
        long life = rig.pool.starting(slot);
        rig.pool.entered(slot, life, OptionalLong.empty());
        rig.pool.gone(slot, life, Rig.died(Phase.QUEUED));

        assertFalse(rig.pool.ready(slot, life, new Puppet(slot)));
        assertNotEquals(WorkerState.IDLE, slot.state);
    }

    @Test
    void aWorkerThatTakesNothingIsNotAskedInALoop() {
        Rig rig = new Rig(deep(1, 1)).up();
        Task<?> first = rig.call();
        Puppet worker = rig.puppet(1);
        worker.isFull = true;

        Task<?> second = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> rig.call());
        assertFalse(second.isDone());
        worker.isFull = false;
        worker.end(first, ANSWER, null);

        assertSame(second, worker.first());
    }

    @Test
    void whatAnIdleWorkerDoesNotTakeIsRejected() {
        Rig rig = new Rig(deep(1, 1)).up();
        rig.puppet(1).isFull = true;

        Task<?> task = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> rig.call());

        assertEquals(Rejected.Reason.QUEUE_FULL, ((Rejected) Rig.failure(task)).reason());
    }

    @Test
    void aTaskGivenUpWhileItIsBeingSentMayHaveBegun() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        Task<?> task = rig.call();

        assertTrue(task.mayBeSent());
        assertSame(Task.BEING_SENT, task.giveUp());
        assertFalse(task.sent(new CompletableFuture<>()));
    }

    @Test
    void aTaskGivenUpBeforeItIsSentIsNot() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        Task<?> task = rig.call();

        assertEquals(null, task.giveUp());

        assertFalse(task.mayBeSent());
    }

    @Test
    void whoWaitsForRoomWithoutAQueueGoesOnWhenAWorkerIsFreeOrThePoolCloses() throws Exception {
        PoolSettings none = Rig.fixed(1);
        Rig rig = new Rig(new PoolSettings(
                        none.name(),
                        none.size(),
                        new PoolSettings.Queueing(0, QueueFull.WAIT, 1_000_000),
                        none.times(),
                        none.recycling(),
                        none.restarts()))
                .up();
        Task<?> first = rig.call();

        FutureTask<Task<?>> second = waiting(rig);
        rig.puppet(1).end(first, ANSWER, null);
        assertFalse(second.get(10, TimeUnit.SECONDS).isDone());

        FutureTask<Task<?>> third = waiting(rig);
        rig.pool.refuseMore();
        Task<?> refused = third.get(10, TimeUnit.SECONDS);
        assertEquals(Rejected.Reason.DRAINING, ((Rejected) Rig.failure(refused)).reason());
    }

    private static FutureTask<Task<?>> waiting(Rig rig) throws Exception {
        FutureTask<Task<?>> call = new FutureTask<>(() -> rig.call());
        Thread thread = new Thread(call, "dispatch-waiter");
        thread.start();
        Eventually.await("it waits for room", () -> thread.getState() == Thread.State.TIMED_WAITING);
        return call;
    }
}
