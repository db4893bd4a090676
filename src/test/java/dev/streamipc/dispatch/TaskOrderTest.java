package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.dispatch.Rig.Puppet;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In what order tasks are sent, and which are not sent at all, under virtual time. */
class TaskOrderTest {

    private static final Workbench.Echoed ANSWER = new Workbench.Echoed("x", 1);
    private static final TaskOptions SHORT = TaskOptions.DEFAULT.queueLimit(Duration.ofMillis(100));

    @Test
    void tasksOfAWorkerAreSentInTheOrderInWhichItWasGivenThem() {
        Rig rig = deep(1, 0);
        Puppet worker = rig.puppet(1);
        Task<?> first = rig.call();
        Task<?> second = rig.call();
        rig.call();
        rig.call();
        Task<?> waiting = rig.call();
        worker.end(first, ANSWER, null);
        worker.later = new ArrayList<>();
        worker.end(second, ANSWER, null);

        Task<?> last = rig.call();

        assertEquals(List.copyOf(worker.slot.outstanding), List.copyOf(worker.running.keySet()));
        assertTrue(worker.running.keySet().containsAll(List.of(waiting, last)));
        worker.sendLater();
        assertEquals(4, worker.running.size());
    }

    @Test
    void aTaskWhoseWaitIsOverIsNotSentEvenIfNobodyHasLooked() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        Puppet worker = rig.puppet(1);
        Task<?> first = rig.call();
        Task<?> late = rig.call(SHORT);

        rig.time.jump(Duration.ofMillis(101));
        worker.end(first, ANSWER, null);

        assertTrue(worker.running.isEmpty());
        assertEquals(Phase.QUEUED, ((DeadlinePassed) Rig.failure(late)).phase());
        assertEquals(WorkerState.IDLE, worker.slot.state);
    }

    @Test
    void aTaskWhoseTimePassesOnTheWayToItsWorkerIsNotSent() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        Puppet worker = rig.puppet(1);
        Task<?> first = rig.call();
        Task<?> late = rig.call(TaskOptions.deadline(Duration.ofMillis(100)));
        worker.later = new ArrayList<>();
        worker.end(first, ANSWER, null);

        rig.time.jump(Duration.ofMillis(101));
        worker.sendLater();

        assertTrue(worker.running.isEmpty());
        assertEquals(Phase.QUEUED, ((DeadlinePassed) Rig.failure(late)).phase());
        assertEquals(WorkerState.IDLE, worker.slot.state);
    }

    @Test
    void aSendThatThrowsFailsItsTaskAndNothingElse() {
        Rig rig = deep(1, 0);
        Puppet worker = rig.puppet(1);
        Task<?> first = rig.call();
        worker.isBroken = true;

        Task<?> broken = rig.call();

        assertInstanceOf(IllegalStateException.class, Rig.failure(broken));
        worker.isBroken = false;
        assertFalse(rig.call().isDone());
        worker.end(first, ANSWER, null);
        assertSame(ANSWER, first.join());
        assertEquals(1, worker.slot.outstanding.size());
    }

    @Test
    void aNestedTaskNeverWaitsBehindItsParentOnADeepWorker() {
        Rig rig = deep(1, 1);
        rig.call();

        Task<?> nested = rig.nested();

        assertEquals(1, rig.puppet(1).running.size());
        assertSame(nested, rig.ready("w-2").first());
    }

    @Test
    void aNestedTaskGetsAWorkerWithoutWork() {
        Rig rig = deep(2, 0);
        rig.call();
        Puppet busy = rig.puppet(1).running.isEmpty() ? rig.puppet(2) : rig.puppet(1);
        Puppet idle = busy == rig.puppet(1) ? rig.puppet(2) : rig.puppet(1);

        Task<?> nested = rig.nested();
        Task<?> deeper = rig.nested();

        assertSame(nested, idle.first());
        assertEquals(Rejected.Reason.NESTED, ((Rejected) Rig.failure(deeper)).reason());
    }

    @Test
    void aNestedTaskWhoseWorkerDiesBeforeItBeginsGetsAnother() {
        Rig rig = deep(1, 1);
        rig.call();
        Task<?> nested = rig.nested();

        rig.die(rig.ready("w-2"));

        assertFalse(nested.isDone());
        assertEquals(1, rig.puppet(1).running.size());
        assertSame(nested, rig.ready("w-3").first());
    }

    @Test
    void aNestedTaskThatFindsNoOtherWorkerIsRefused() {
        Rig rig = deep(2, 0);
        rig.call();
        Puppet busy = rig.puppet(1).running.isEmpty() ? rig.puppet(2) : rig.puppet(1);
        Puppet idle = busy == rig.puppet(1) ? rig.puppet(2) : rig.puppet(1);
        Task<?> nested = rig.nested();

        rig.die(idle);

        assertEquals(Rejected.Reason.NESTED, ((Rejected) Rig.failure(nested)).reason());
        assertEquals(1, busy.running.size());
    }

    @Test
    void aPoisonedKeyIsForgottenAfterAnHour() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        TaskOptions keyed = TaskOptions.DEFAULT.key("bad");
        for (int count = 0; count < Poison.DEADLY; count++) {
            Task<?> task = rig.call(keyed);
            rig.die(rig.puppet(1));
            assertInstanceOf(ChildDied.class, Rig.failure(task));
            rig.ready("w-1");
        }

        rig.time.advance(Poison.MAX_AGE.minusSeconds(1));
        assertInstanceOf(Rejected.class, Rig.failure(rig.call(keyed)));
        rig.time.advance(Duration.ofSeconds(1));

        assertFalse(rig.call(keyed).isDone());
    }

    @Test
    void ofPoisonedKeysThoseThatKilledLastAreKept() {
        Poison poison = new Poison();
        for (int round = 0; round < Poison.DEADLY; round++) {
            for (int number = 0; number <= Poison.MAX_KEYS; number++) {
                poison.ended("k" + number, round);
                poison.ended("last", round);
            }
        }

        assertFalse(poison.isPoisoned("k0", Poison.DEADLY));
        assertTrue(poison.isPoisoned("last", Poison.DEADLY));
        assertTrue(poison.pardon("last", Poison.DEADLY));
        assertFalse(poison.pardon("last", Poison.DEADLY));
    }

    private static Rig deep(int workers, int overflow) {
        return new Rig(Rig.settings(new PoolSettings.Size(workers, workers, 0, overflow, 4))).up();
    }
}
