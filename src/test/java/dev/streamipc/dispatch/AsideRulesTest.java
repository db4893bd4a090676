package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.callback.CallbackHop;
import dev.streamipc.callback.Callbacks;
import dev.streamipc.dispatch.Rig.Puppet;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.SessionClosed;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What becomes of tasks that no worker runs, and where a worker can't be ended; under virtual time. */
class AsideRulesTest {

    private static final Workbench.Echoed ANSWER = new Workbench.Echoed("x", 1);

    private static Task<?> task(Rig rig) {
        Callbacks callbacks = new Callbacks(Runnable::run, rig.time, CallbackHop.SPARE);
        Task.Facts<?> facts = new Task.Facts<>(new Workbench.Echo("x"), TaskOptions.DEFAULT, answer -> answer, false);
        return new Task<>(callbacks, facts, ignored -> {});
    }

    @Test
    void aTaskThatItsCallerRunsCountsAsAnyOther() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        Task<?> task = task(rig);

        Duration limit = rig.pool.takenAside(task, new Puppet(rig.puppet(1).slot));

        assertEquals(Duration.ofSeconds(30), limit);
        assertEquals(1, rig.pool.stats().running());
        assertEquals(1, task.attempt);
        rig.pool.endedAside(task, new Ending(0, ANSWER, null));
        assertSame(ANSWER, task.join());
        assertEquals(0, rig.pool.stats().running());
    }

    @Test
    void aTaskThatItsCallerRunsIsGivenUpWithTheOthers() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        Puppet caller = new Puppet(rig.puppet(1).slot);
        Task<?> task = task(rig);
        rig.pool.takenAside(task, caller);
        caller.begun.add(task);

        rig.pool.failRunning("over");

        assertEquals(
                Phase.RUNNING,
                assertInstanceOf(SessionClosed.class, Rig.failure(task)).phase());
        rig.pool.endedAside(task, new Ending(0, ANSWER, null));
        assertEquals(1, rig.pool.stats().settled(DispatcherStats.Outcome.OTHER));
    }

    @Test
    void aPoolThatTakesNoMoreTakesNoneAside() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        rig.pool.refuseMore();
        Task<?> task = task(rig);

        assertNull(rig.pool.takenAside(task, rig.puppet(1)));

        assertEquals(Rejected.Reason.DRAINING, ((Rejected) Rig.failure(task)).reason());
    }

    @Test
    void withTooManyWorkersLeftBehindNothingIsTakenUntilOneEnds() {
        Rig rig = new Rig(Rig.fixed(1)).up();
        rig.call();
        Task<?> waiting = rig.call();

        rig.pool.abandoned(() -> 2, 2);

        assertEquals(Rejected.Reason.BREAKER_OPEN, ((Rejected) Rig.failure(waiting)).reason());
        assertEquals(Rejected.Reason.BREAKER_OPEN, ((Rejected) Rig.failure(rig.call())).reason());
        assertEquals(2, rig.pool.stats().abandoned());
        rig.pool.abandoned(() -> 1, 2);
        assertFalse(rig.call().isDone());
    }

    @Test
    void aWorkerThatCanNotBeKilledIsToldAsLeftBehind() {
        Rig rig = new Rig(Rig.fixed(1));
        Puppet thread = rig.ready("w-1");
        thread.canBeKilled = false;
        rig.call().cancel(true);

        rig.time.advance(Duration.ofSeconds(3));

        assertTrue(thread.isKilled);
        assertTrue(rig.events.stream().anyMatch(DispatcherEvent.Abandoned.class::isInstance));
        assertFalse(rig.events.stream().anyMatch(DispatcherEvent.Killed.class::isInstance));
        assertEquals(1, rig.pool.stats().restarts(RestartReason.ABANDONED));
    }

    @Test
    void whatHadNotBegunOnAKilledWorkerGoesToAnIdleOneAtOnce() {
        Rig rig = new Rig(Rig.settings(new PoolSettings.Size(2, 2, 0, 0, 2))).up();
        Task<?> stubborn = rig.call();
        Task<?> other = rig.call();
        Puppet first = rig.puppet(1).running.containsKey(stubborn) ? rig.puppet(1) : rig.puppet(2);
        Puppet second = first == rig.puppet(1) ? rig.puppet(2) : rig.puppet(1);
        first.begun.add(stubborn);
        Task<?> behind = rig.call();
        Task<?> last = rig.call();
        assertEquals(2, first.running.size());
        second.end(other, ANSWER, null);
        second.end(second.running.containsKey(behind) ? behind : last, ANSWER, null);
        Task<?> moved = first.running.containsKey(behind) ? behind : last;

        stubborn.cancel(true);
        rig.time.advance(Duration.ofSeconds(3));

        assertTrue(first.isKilled);
        assertNotNull(second.running.get(moved));
    }
}
