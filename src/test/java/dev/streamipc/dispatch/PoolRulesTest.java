package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.dispatch.Rig.Puppet;
import dev.streamipc.message.Cancelled;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** What becomes of tasks, under virtual time. */
class PoolRulesTest {

    private static final Workbench.Echoed ANSWER = new Workbench.Echoed("x", 1);

    @Test
    void theSecondTaskWaitsUntilTheWorkerIsFree() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        Puppet worker = rig.puppet(1);
        Task<?> first = rig.call();
        Task<?> second = rig.call();

        assertEquals(1, worker.running.size());
        worker.end(first, ANSWER, null);

        assertSame(ANSWER, first.join());
        assertSame(second, worker.first());
    }

    @Test
    void aTaskBeyondTheQueueIsRejected() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        for (int count = 0; count < 5; count++) {
            assertFalse(rig.call().isDone());
        }

        Rejected rejected = assertInstanceOf(Rejected.class, Rig.failure(rig.call()));

        assertEquals(Rejected.Reason.QUEUE_FULL, rejected.reason());
    }

    @Test
    void aCrashFailsTheOneThatRanAndNoOther() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        Task<?> first = rig.call();
        Task<?> second = rig.call();

        rig.die(rig.puppet(1));

        assertInstanceOf(ChildDied.class, Rig.failure(first));
        assertFalse(second.isDone());
        Puppet next = rig.ready("w-1");
        assertSame(second, next.first());
    }

    @Test
    void aWorkerWhoseEndIsNotYetToldIsNotIdle() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        Puppet worker = rig.puppet(1);

        worker.end(rig.call(), null, Rig.died(Phase.SENT));

        assertEquals(0, rig.pool.stats().workers(WorkerState.IDLE));
        rig.die(worker);
        rig.ready("w-1");
        assertEquals(1, rig.pool.stats().workers(WorkerState.IDLE));
    }

    @Test
    void anIdempotentTaskGoesToAnotherWorkerOnce() {
        Rig rig = new Rig(Rig.fixed(2)).up();
        Task<?> task = rig.call(TaskOptions.DEFAULT.idempotent(5));
        Puppet first = task.attempt == 1 && rig.puppet(1).running.containsKey(task) ? rig.puppet(1) : rig.puppet(2);
        rig.die(first);
        Puppet second = first == rig.puppet(1) ? rig.puppet(2) : rig.puppet(1);

        assertSame(task, second.first());
        assertEquals(2, task.attempt);
        rig.die(second);

        assertInstanceOf(ChildDied.class, Rig.failure(task));
    }

    @Test
    void aKeyThatEndedTwoWorkersIsPoisonedUntilPardoned() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        TaskOptions keyed = TaskOptions.DEFAULT.key("bad");
        for (int count = 0; count < 2; count++) {
            Task<?> task = rig.call(keyed);
            rig.die(rig.puppet(1));
            assertInstanceOf(ChildDied.class, Rig.failure(task));
            rig.ready("w-1");
        }

        Rejected rejected = assertInstanceOf(Rejected.class, Rig.failure(rig.call(keyed)));
        assertEquals(Rejected.Reason.POISONED, rejected.reason());
        assertTrue(rig.pool.pardon("bad"));
        assertFalse(rig.call(keyed).isDone());
    }

    @Test
    void whatHadNotBegunOnADeepWorkerGoesSilentlyToAnother() {
        Rig rig = new Rig(Rig.settings(new PoolSettings.Size(1, 1, 0, 0, 4))).up();
        Task<?> begun = rig.call();
        Task<?> waiting = rig.call();
        rig.puppet(1).begun.add(begun);

        rig.die(rig.puppet(1));

        assertEquals(Phase.RUNNING, ((ChildDied) Rig.failure(begun)).phase());
        assertFalse(waiting.isDone());
        assertSame(waiting, rig.ready("w-1").first());
        assertEquals(1, waiting.attempt);
    }

    @Test
    void whereSignsMayBeLostNothingIsSentAgain() {
        Rig rig = new Rig(Rig.settings(new PoolSettings.Size(1, 1, 0, 0, 4))).up();
        rig.puppet(1).isHeardWhole = false;
        rig.call();
        Task<?> unsure = rig.call();

        rig.die(rig.puppet(1));

        assertEquals(Phase.SENT, ((ChildDied) Rig.failure(unsure)).phase());
    }

    @Test
    void aTaskThatWaitsTooLongEndsQueued() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        rig.call();
        Task<?> late = rig.call(TaskOptions.DEFAULT.queueLimit(Duration.ofMillis(100)));

        rig.time.advance(Duration.ofMillis(99));
        assertFalse(late.isDone());
        rig.time.advance(Duration.ofMillis(2));

        assertEquals(Phase.QUEUED, ((DeadlinePassed) Rig.failure(late)).phase());
    }

    @Test
    void aWaitingTaskIsCancelledAtOnceAndNeverSent() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        Task<?> first = rig.call();
        Task<?> second = rig.call();

        assertTrue(second.cancel(true));

        Cancelled cancelled = assertInstanceOf(
                Cancelled.class,
                Assertions.assertThrows(CancellationException.class, second::join)
                        .getCause());
        assertEquals(Phase.QUEUED, cancelled.phase());
        rig.puppet(1).end(first, ANSWER, null);
        assertTrue(rig.puppet(1).running.isEmpty());
    }

    @Test
    void aWorkerThatDoesNotHearACancelIsKilledAfterTheGraceAndReplaced() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        Puppet worker = rig.puppet(1);
        Task<?> task = rig.call();
        Task<?> next = rig.call();

        assertTrue(task.cancel(true));
        assertTrue(worker.running.isEmpty());
        rig.time.advance(Duration.ofMillis(1_999));
        assertFalse(worker.isKilled);
        rig.time.advance(Duration.ofMillis(2));

        assertTrue(worker.isKilled);
        assertNull(rig.wanted.get("w-1"));
        assertSame(next, rig.ready("w-2").first());
    }

    @Test
    void aWorkerThatHearsACancelGoesOn() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        Puppet worker = rig.puppet(1);
        rig.call().cancel(true);
        Task<?> next = rig.call();

        assertNotNull(worker.free);
        worker.free.run();

        assertSame(next, worker.first());
        rig.time.advance(Duration.ofSeconds(10));
        assertFalse(worker.isKilled);
    }

    @Test
    void whenAllPauseTasksFailFastUntilOneIsReady() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        rig.call();
        Task<?> waiting = rig.call();
        rig.die(rig.puppet(1));

        rig.pool.tripped("w-1", null);

        assertEquals(Rejected.Reason.BREAKER_OPEN, ((Rejected) Rig.failure(waiting)).reason());
        assertEquals(Rejected.Reason.BREAKER_OPEN, ((Rejected) Rig.failure(rig.call())).reason());
        rig.ready("w-1");
        assertFalse(rig.call().isDone());
    }

    @Test
    void whileOneWorkerIsLeftAnotherMayPause() {
        Rig rig = new Rig(Rig.fixed(2)).up();
        rig.die(rig.puppet(1));

        rig.pool.tripped("w-1", null);

        assertFalse(rig.call().isDone());
        assertFalse(rig.call().isDone());
    }

    @Test
    void tasksOfAKeyWaitForTheirWorkerWhileAnotherIsIdle() {
        Rig rig = new Rig(Rig.fixed(2)).up();
        TaskOptions keyed = TaskOptions.DEFAULT.key("k");
        Task<?> first = rig.call(keyed);
        Puppet home = rig.puppet(1).running.containsKey(first) ? rig.puppet(1) : rig.puppet(2);
        Task<?> second = rig.call(keyed);

        assertEquals(1, home.running.size());
        home.end(first, ANSWER, null);

        assertSame(second, home.first());
    }

    @Test
    void higherPrioritiesGoFirstAndNoneStarves() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        Task<?> running = rig.call();
        Task<?> low = rig.call(TaskOptions.DEFAULT.priority(Priority.LOW));
        Puppet worker = rig.puppet(1);
        for (int count = 0; count < Priority.MAX_PASSED; count++) {
            Task<?> high = rig.call(TaskOptions.DEFAULT.priority(Priority.HIGH));
            worker.end(running, ANSWER, null);
            assertSame(high, worker.first());
            running = high;
        }
        rig.call(TaskOptions.DEFAULT.priority(Priority.HIGH));

        worker.end(running, ANSWER, null);

        assertSame(low, worker.first());
    }
}
