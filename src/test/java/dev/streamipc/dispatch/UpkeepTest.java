package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.dispatch.Rig.Puppet;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.SessionClosed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of workers, under virtual time. */
class UpkeepTest {

    private static final Workbench.Echoed ANSWER = new Workbench.Echoed("x", 1);

    private static Rig rig(int min, int max, int spares) {
        return new Rig(Rig.settings(new PoolSettings.Size(min, max, spares, 0, 1))).up();
    }

    private static Rig recycling(PoolSettings.Recycling rules) {
        PoolSettings plain = Rig.fixed(1);
        return new Rig(new PoolSettings(
                        plain.name(), plain.size(), plain.queueing(), plain.times(), rules, plain.restarts()))
                .up();
    }

    @Test
    void aPoolGrowsOnlyWhenATaskHasWaited() {
        Rig rig = rig(1, 3, 0);
        rig.call();
        rig.call();

        assertEquals(1, rig.wanted.size());
        rig.time.advance(Duration.ofMillis(19));
        assertEquals(1, rig.wanted.size());
        rig.time.advance(Duration.ofMillis(2));

        assertEquals(2, rig.wanted.size());
        assertEquals(1, rig.ready("w-2").running.size());
        rig.time.advance(Duration.ofMillis(100));
        assertEquals(2, rig.wanted.size());
    }

    @Test
    void aPoolNeverGrowsBeyondItsMost() {
        Rig rig = rig(1, 2, 0);
        for (int count = 0; count < 5; count++) {
            rig.call();
        }

        rig.time.advance(Duration.ofSeconds(1));

        assertEquals(2, rig.wanted.size());
    }

    @Test
    void workersThatAreLongIdleEndDownToTheLeast() {
        Rig rig = rig(1, 3, 0);
        List<Task<?>> tasks = new ArrayList<>(List.of(rig.call(), rig.call()));
        rig.time.advance(Duration.ofMillis(21));
        rig.ready("w-2");
        tasks.forEach(task -> rig.puppets.values().forEach(puppet -> puppet.end(task, ANSWER, null)));

        rig.time.advance(Duration.ofSeconds(59));
        assertEquals(2, rig.wanted.size());
        rig.time.advance(Duration.ofSeconds(2));

        assertEquals(1, rig.wanted.size());
        rig.time.advance(Duration.ofDays(1));
        assertEquals(1, rig.wanted.size());
    }

    @Test
    void sparesAreStartedAheadOfTheWork() {
        Rig rig = rig(1, 4, 1);
        assertEquals(1, rig.wanted.size());

        rig.call();

        assertEquals(2, rig.wanted.size());
    }

    @Test
    void aWorkerThatHasRunItsTasksIsReplacedFirstAndThenEnded() {
        Rig rig = recycling(new PoolSettings.Recycling(1, null, 0));
        Puppet old = rig.puppet(1);
        rig.ready("w-1");
        Puppet worker = rig.puppet(1);
        worker.end(rig.call(), ANSWER, null);
        assertEquals(2, rig.wanted.size());
        Task<?> during = rig.call();

        Puppet replacement = rig.ready("w-2");

        assertEquals(WorkerState.DRAINING, worker.slot.state);
        worker.end(during, ANSWER, null);
        assertSame(ANSWER, during.join());
        assertNull(rig.wanted.get("w-1"));
        Task<?> after = rig.call();
        assertSame(after, replacement.first());
        assertFalse(old.isKilled);
    }

    @Test
    void anOldWorkerIsReplaced() {
        Rig rig = recycling(new PoolSettings.Recycling(0, Duration.ofHours(1), 0));

        rig.time.advance(Duration.ofMinutes(53));
        assertEquals(1, rig.wanted.size());
        rig.time.advance(Duration.ofMinutes(8));
        assertEquals(2, rig.wanted.size());
        rig.ready("w-2");

        assertNull(rig.wanted.get("w-1"));
        assertTrue(rig.events.stream()
                .anyMatch(event -> event instanceof DispatcherEvent.Recycled recycled
                        && recycled.reason() == RestartReason.AGE
                        && recycled.facts().startsWith("ageMs=")));
    }

    @Test
    void aWorkerThatHasGrownIsReplaced() {
        Rig rig = recycling(new PoolSettings.Recycling(0, null, 1_000));
        Slot slot = rig.puppet(1).slot;

        rig.pool.memory(slot, slot.life, 1_000);
        assertEquals(1, rig.wanted.size());
        rig.pool.memory(slot, slot.life, 1_001);
        rig.ready("w-2");

        assertNull(rig.wanted.get("w-1"));
        assertEquals(1, rig.pool.stats().restarts(RestartReason.MEMORY));
    }

    @Test
    void aReplacementThatDoesNotGetReadyIsStartedAgainWhileTheOldOneWorks() {
        Rig rig = recycling(new PoolSettings.Recycling(1, null, 0));
        Puppet old = rig.puppet(1);
        old.end(rig.call(), ANSWER, null);
        Slot replacement = rig.wanted.get("w-2");
        for (int count = 0; count < 3; count++) {
            rig.pool.gone(replacement, rig.pool.starting(replacement), Rig.died(Phase.QUEUED));
            old.end(rig.call(), ANSWER, null);
        }

        rig.pool.tripped("w-2", null);
        old.end(rig.call(), ANSWER, null);

        assertEquals(List.of("w-1", "w-2"), List.copyOf(rig.wanted.keySet()));
        rig.ready("w-2");
        assertEquals(List.of("w-2"), List.copyOf(rig.wanted.keySet()));
        assertEquals(1, rig.pool.stats().restarts(RestartReason.TASKS));
    }

    @Test
    void aWorkerThatDiesNeedsNoReplacementAnyMore() {
        Rig rig = recycling(new PoolSettings.Recycling(1, null, 0));
        rig.puppet(1).end(rig.call(), ANSWER, null);

        rig.die(rig.puppet(1));

        assertEquals(List.of("w-1"), List.copyOf(rig.wanted.keySet()));
    }

    @Test
    void theFirstOfSeveralTasksHasItsTimeFromItsTurnOn() {
        Rig rig = new Rig(Rig.settings(new PoolSettings.Size(1, 1, 0, 0, 2))).up();
        Puppet worker = rig.puppet(1);
        TaskOptions second = TaskOptions.DEFAULT.runLimit(Duration.ofSeconds(1));
        Task<?> first = rig.call();
        Task<?> behind = rig.call(second);
        rig.time.advance(Duration.ofSeconds(20));
        assertFalse(behind.isDone());

        worker.begun.add(first);
        worker.end(first, ANSWER, null);
        worker.begun.add(behind);
        rig.time.advance(Duration.ofMillis(1_100));

        assertEquals(Phase.RUNNING, ((DeadlinePassed) Rig.failure(behind)).phase());
    }

    @Test
    void aDeepWorkerThatGoesOnToTheNextTaskIsNotKilled() {
        Rig rig = new Rig(Rig.settings(new PoolSettings.Size(1, 1, 0, 0, 2))).up();
        Puppet worker = rig.puppet(1);
        Task<?> first = rig.call();
        Task<?> behind = rig.call();
        worker.begun.add(first);
        first.cancel(true);
        worker.begun.add(behind);

        rig.time.advance(Duration.ofSeconds(3));

        assertFalse(worker.isKilled);
        assertFalse(behind.isDone());
    }

    @Test
    void aDeepWorkerThatHangsIsKilledAndOnlyWhatItRanIsHurt() {
        Rig rig = new Rig(Rig.settings(new PoolSettings.Size(1, 1, 0, 0, 2))).up();
        Puppet worker = rig.puppet(1);
        Task<?> first = rig.call();
        Task<?> behind = rig.call();
        worker.begun.add(first);
        first.cancel(true);

        rig.time.advance(Duration.ofSeconds(3));

        assertTrue(worker.isKilled);
        assertFalse(behind.isDone());
        assertSame(behind, rig.ready("w-2").first());
    }

    @Test
    void aClosedPoolEndsWhatWaitsAndWhatRuns() {
        Rig rig = rig(1, 1, 0);
        Task<?> running = rig.call();
        Task<?> waiting = rig.call();

        rig.pool.refuseMore();
        rig.pool.failQueued("closed");
        rig.pool.failRunning("closed");

        assertEquals(Phase.QUEUED, ((SessionClosed) Rig.failure(waiting)).phase());
        assertEquals(Phase.SENT, ((SessionClosed) Rig.failure(running)).phase());
        assertEquals(Rejected.Reason.DRAINING, ((Rejected) Rig.failure(rig.call())).reason());
        assertEquals(2, rig.pool.stats().accepted());
        assertEquals(2, rig.pool.stats().settled(DispatcherStats.Outcome.OTHER));
    }

    @Test
    void aWorkerThatIsNotReadyIsStartedAgainAndCounted() {
        Rig rig = new Rig(Rig.fixed(1));
        Slot slot = rig.wanted.get("w-1");
        long life = rig.pool.starting(slot);

        rig.pool.gone(slot, life, Rig.died(Phase.QUEUED));

        assertEquals(1, rig.pool.stats().restarts(RestartReason.START_FAILED));
        assertInstanceOf(DispatcherEvent.Died.class, rig.events.get(rig.events.size() - 1));
        assertFalse(rig.pool.ready(slot, life + 1, new Puppet(slot)));
        rig.ready("w-1");
        assertEquals(1, rig.pool.stats().workers(WorkerState.IDLE));
    }
}
