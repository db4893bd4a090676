package dev.streamipc.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.supervise.Rig.Habit;
import dev.streamipc.supervise.Rig.Trouble;
import dev.streamipc.supervise.SupervisionFailure.TooManyRestarts;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How many restarts there may be in which time. */
class IntensityTest {

    private static final Duration PERIOD = Duration.ofSeconds(5);

    @ParameterizedTest
    @EnumSource
    void oneMoreThanTheIntensityEndsTheSupervisor(RestartStrategy strategy) {
        Rig rig = new Rig();
        Supervisor supervisor = two(rig, strategy);
        rig.fails("a");
        rig.fails("a");
        rig.fails("b");
        assertEquals(ChildState.RUNNING, supervisor.snapshot().state());
        rig.traced();

        rig.fails("b");

        assertEquals(List.of("stop a"), rig.traced());
        assertEquals(ChildState.ENDED, supervisor.snapshot().state());
        CompletionException thrown = Assertions.assertThrows(
                CompletionException.class, () -> supervisor.ended().join());
        TooManyRestarts failure = assertInstanceOf(TooManyRestarts.class, thrown.getCause());
        assertEquals("too many restarts: supervisor=root, intensity=3, periodMs=5000", failure.getMessage());
        assertEquals("root", failure.path());
        assertInstanceOf(Trouble.class, failure.getCause());
        assertEquals(failure, supervisor.snapshot().lastFailure());
    }

    @Test
    void aRestartCountsAsLongAsItIsNotOlderThanThePeriod() {
        assertEquals(ChildState.ENDED, afterFourFailures(PERIOD.minusNanos(1)));
        assertEquals(ChildState.ENDED, afterFourFailures(PERIOD));
        assertEquals(ChildState.RUNNING, afterFourFailures(PERIOD.plusNanos(1)));
    }

    @Test
    void theWindowSlides() {
        Rig rig = new Rig();
        Supervisor supervisor = two(rig, RestartStrategy.ONE_FOR_ONE);
        for (int i = 0; i < 30; i++) {
            rig.fails("a");
            rig.advance(PERIOD.dividedBy(3).plusNanos(1));
        }
        assertEquals(ChildState.RUNNING, supervisor.snapshot().state());
        assertEquals(30, supervisor.snapshot().find("a").orElseThrow().restarts());

        rig.fails("a");
        rig.fails("a");

        assertEquals(ChildState.ENDED, supervisor.snapshot().state());
    }

    @Test
    void withoutIntensityTheFirstFailureIsTheLast() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                .intensity(0, PERIOD)
                .child(rig.child("a").build()));

        rig.ends("a");

        assertTrue(supervisor.ended().isCompletedExceptionally());
    }

    @Test
    void startsThatFailCountToo() {
        Rig rig = new Rig();
        Supervisor supervisor = two(rig, RestartStrategy.REST_FOR_ONE);
        rig.habits("a", Habit.START_THROWS);
        rig.traced();

        rig.fails("a");

        assertEquals(List.of("stop b", "start a", "start a", "start a"), rig.traced());
        assertTrue(supervisor.ended().isCompletedExceptionally());
    }

    @Test
    void endsThatLeadToNoRestartDoNotCount() {
        Rig rig = new Rig();
        SupervisorSpec.Builder spec = Rig.spec(RestartStrategy.ONE_FOR_ONE).intensity(0, PERIOD);
        spec.child(rig.child("a", RestartType.TEMPORARY)).child(rig.child("b", RestartType.TRANSIENT));
        Supervisor supervisor = rig.start(spec);

        rig.fails("a");
        rig.ends("b");

        assertEquals(ChildState.RUNNING, supervisor.snapshot().state());
    }

    private static ChildState afterFourFailures(Duration fromFirstToLast) {
        Rig rig = new Rig();
        Supervisor supervisor = two(rig, RestartStrategy.ONE_FOR_ONE);
        rig.advance(Duration.ofSeconds(1));
        rig.fails("a");
        rig.advance(fromFirstToLast);
        rig.fails("a");
        rig.fails("a");
        rig.fails("a");
        return supervisor.snapshot().state();
    }

    private static Supervisor two(Rig rig, RestartStrategy strategy) {
        return rig.start(Rig.spec(strategy)
                .intensity(3, PERIOD)
                .child(rig.child("a").build())
                .child(rig.child("b").build()));
    }
}
