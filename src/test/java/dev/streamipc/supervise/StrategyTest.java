package dev.streamipc.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.supervise.Rig.Habit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is started again together with whom, after which ends. The middle one of three ends. */
class StrategyTest {

    private static final Map<RestartStrategy, List<String>> RESTARTED = Map.of(
            RestartStrategy.ONE_FOR_ONE, List.of("start b"),
            RestartStrategy.ONE_FOR_ALL, List.of("stop c", "stop a", "start a", "start b", "start c"),
            RestartStrategy.REST_FOR_ONE, List.of("stop c", "start b", "start c"));

    @ParameterizedTest
    @EnumSource
    void startsInOrderAndStopsInReverse(RestartStrategy strategy) {
        Rig rig = new Rig();

        Supervisor supervisor = rig.start(strategy, "a", "b", "c");
        assertEquals(List.of("start a", "start b", "start c"), rig.traced());
        assertEquals(ChildState.RUNNING, supervisor.snapshot().state());

        assertTrue(supervisor.stop().isDone());
        assertEquals(List.of("stop c", "stop b", "stop a"), rig.traced());
        assertEquals(ChildState.ENDED, supervisor.snapshot().state());
        assertEquals(0, rig.time.waiting());
    }

    @ParameterizedTest
    @EnumSource
    void permanentIsStartedAgainAfterEachEnd(RestartStrategy strategy) {
        assertEquals(RESTARTED.get(strategy), afterFailure(strategy, RestartType.PERMANENT));
        assertEquals(RESTARTED.get(strategy), afterOrderlyEnd(strategy, RestartType.PERMANENT));
    }

    @ParameterizedTest
    @EnumSource
    void transientIsStartedAgainAfterAFailureAlone(RestartStrategy strategy) {
        assertEquals(RESTARTED.get(strategy), afterFailure(strategy, RestartType.TRANSIENT));
        assertEquals(List.of(), afterOrderlyEnd(strategy, RestartType.TRANSIENT));
    }

    @ParameterizedTest
    @EnumSource
    void temporaryIsNeverStartedAgainAndLeavesTheTree(RestartStrategy strategy) {
        assertEquals(List.of(), afterFailure(strategy, RestartType.TEMPORARY));
        assertEquals(List.of(), afterOrderlyEnd(strategy, RestartType.TEMPORARY));
    }

    @ParameterizedTest
    @EnumSource
    void aFailedRestartIsTriedAgain(RestartStrategy strategy) {
        Rig rig = new Rig();
        rig.start(Rig.spec(strategy)
                .child(rig.child("a").build())
                .child(rig.child("b").startLimit(Duration.ofSeconds(1)).build())
                .child(rig.child("c").build()));
        rig.habits("b", Habit.START_HANGS);
        rig.fails("b");
        List<String> uptoB = new ArrayList<>(RESTARTED.get(strategy));
        uptoB.remove("start c");
        List<String> first = new ArrayList<>(List.of("start a", "start b", "start c"));
        first.addAll(uptoB);
        assertEquals(first, rig.traced());

        rig.habits("b");
        rig.advance(Duration.ofSeconds(1));

        List<String> again = strategy == RestartStrategy.ONE_FOR_ONE
                ? List.of("kill b", "start b")
                : strategy == RestartStrategy.ONE_FOR_ALL
                        ? List.of("kill b", "stop a", "start a", "start b", "start c")
                        : List.of("kill b", "start b", "start c");
        assertEquals(again, rig.traced());
        assertEquals("RUNNING", rig.state("c"));
    }

    @Test
    void aTransientOneThatEndedIsStartedTogetherWithItsSiblings() {
        Rig rig = new Rig();
        rig.start(Rig.spec(RestartStrategy.ONE_FOR_ALL)
                .child(rig.child("a").build())
                .child(rig.child("b", RestartType.TRANSIENT)));
        rig.ends("b");
        assertEquals("ENDED", rig.state("b"));
        rig.traced();

        rig.fails("a");

        assertEquals(List.of("start a", "start b"), rig.traced());
    }

    @Test
    void aTemporarySiblingIsStoppedAndGone() {
        Rig rig = new Rig();
        rig.start(Rig.spec(RestartStrategy.REST_FOR_ONE)
                .child(rig.child("a").build())
                .child(rig.child("b", RestartType.TEMPORARY)));
        rig.traced();

        rig.fails("a");

        assertEquals(List.of("stop b", "start a"), rig.traced());
        assertEquals("gone", rig.state("b"));
    }

    @Test
    void whoEndsWhileSiblingsAreStoppedIsNotCounted() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(Rig.spec(RestartStrategy.ONE_FOR_ALL)
                .intensity(1, Duration.ofSeconds(5))
                .child(rig.child("a").build())
                .child(rig.child("b").build())
                .child(rig.child("c").build()));
        rig.habits("c", Habit.STOP_HANGS);
        rig.fails("b");
        rig.fails("a");
        rig.traced();

        rig.ends("c");

        assertEquals(List.of("start a", "start b", "start c"), rig.traced());
        assertEquals(1, rig.events(SupervisionEvent.Restarting.class).size());
        assertEquals(ChildState.RUNNING, supervisor.snapshot().state());
    }

    @Test
    void aFailureInFrontWidensTheRoundOfTheRest() {
        Rig rig = new Rig();
        rig.start(RestartStrategy.REST_FOR_ONE, "a", "b", "c", "d");
        rig.habits("d", Habit.STOP_HANGS);
        rig.fails("c");
        rig.fails("a");
        assertEquals(List.of("stop d"), rig.traced().subList(4, 5));

        rig.ends("d");

        assertEquals(List.of("stop b", "start a", "start b", "start c", "start d"), rig.traced());
    }

    @Test
    void aSiblingThatFailsWhileOneStartsEndsThatStart() {
        Rig rig = new Rig();
        rig.start(RestartStrategy.ONE_FOR_ALL, "a", "b");
        rig.habits("b", Habit.START_HANGS);
        rig.fails("b");
        rig.traced();
        assertEquals("STARTING", rig.state("b"));

        rig.habits("b");
        rig.fails("a");

        assertEquals(List.of("stop b", "start a", "start b"), rig.traced());
    }

    @Test
    void aStartThatHangsHindersNobodyUnderOneForOne() {
        Rig rig = new Rig();
        rig.start(RestartStrategy.ONE_FOR_ONE, "a", "b");
        rig.habits("a", Habit.START_HANGS);
        rig.fails("a");
        rig.traced();

        rig.fails("b");

        assertEquals(List.of("start b"), rig.traced());
        assertEquals("STARTING", rig.state("a"));
    }

    private static List<String> afterFailure(RestartStrategy strategy, RestartType type) {
        Rig rig = threeOf(strategy, type);
        rig.fails("b");
        assertEquals(type == RestartType.TEMPORARY ? "gone" : "RUNNING", rig.state("b"));
        return rig.traced();
    }

    private static List<String> afterOrderlyEnd(RestartStrategy strategy, RestartType type) {
        Rig rig = threeOf(strategy, type);
        rig.ends("b");
        List<String> states = List.of("RUNNING", "ENDED", "gone");
        assertEquals(states.get(type.ordinal()), rig.state("b"));
        return rig.traced();
    }

    private static Rig threeOf(RestartStrategy strategy, RestartType type) {
        Rig rig = new Rig();
        rig.start(Rig.spec(strategy)
                .child(rig.child("a", RestartType.PERMANENT))
                .child(rig.child("b", type))
                .child(rig.child("c", RestartType.PERMANENT)));
        rig.traced();
        return rig;
    }
}
