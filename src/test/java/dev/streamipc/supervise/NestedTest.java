package dev.streamipc.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.supervise.Rig.Habit;
import dev.streamipc.supervise.SupervisionFailure.ChildNotStarted;
import dev.streamipc.supervise.SupervisionFailure.TooManyRestarts;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Supervisors below supervisors: a, then the branch with b and c, then d. */
class NestedTest {

    private static final Duration PERIOD = Duration.ofSeconds(5);

    @Test
    void aTreeStartsInOrderAndStopsInReverse() {
        Rig rig = new Rig();
        Supervisor root = tree(rig, 1, RestartType.PERMANENT);
        assertEquals(List.of("start a", "start b", "start c", "start d"), rig.traced());

        root.stop();

        assertEquals(List.of("stop d", "stop c", "stop b", "stop a"), rig.traced());
    }

    @Test
    void tooManyRestartsBelowAreOneFailureAbove() {
        Rig rig = new Rig();
        Supervisor root = tree(rig, 1, RestartType.PERMANENT);
        rig.fails("b");
        rig.traced();

        rig.fails("b");

        assertEquals(List.of("stop c", "start b", "start c"), rig.traced());
        Snapshot branch = root.snapshot().find("branch").orElseThrow();
        assertEquals(ChildState.RUNNING, branch.state());
        assertEquals(1, branch.restarts());
        assertInstanceOf(TooManyRestarts.class, branch.lastFailure());
        assertEquals(0, branch.find("b").orElseThrow().restarts());
    }

    @Test
    void escalationGoesUpToTheRoot() {
        Rig rig = new Rig();
        Supervisor root = tree(rig, 0, RestartType.PERMANENT);
        rig.fails("b");
        rig.traced();

        rig.fails("c");

        assertEquals(List.of("stop b", "stop d", "stop a"), rig.traced());
        Throwable failure = assertThrows(
                        CompletionException.class, () -> root.ended().join())
                .getCause();
        assertEquals("root", assertInstanceOf(TooManyRestarts.class, failure).path());
        assertEquals(
                "root/branch",
                assertInstanceOf(TooManyRestarts.class, failure.getCause()).path());
        assertEquals("c", failure.getCause().getCause().getMessage());
    }

    @Test
    void aTemporaryBranchThatGivesUpIsGone() {
        Rig rig = new Rig();
        tree(rig, 0, RestartType.TEMPORARY);

        rig.fails("b");

        assertEquals("gone", rig.state("branch"));
        assertEquals("RUNNING", rig.state("d"));
    }

    @Test
    void aFirstStartThatFailsBelowFailsTheWholeTree() {
        Rig rig = new Rig();
        rig.habits("c", Habit.START_THROWS);

        Supervisor root = tree(rig, 1, RestartType.PERMANENT);

        assertEquals(List.of("start a", "start b", "start c", "stop b", "stop a"), rig.traced());
        Throwable failure = assertThrows(
                        CompletionException.class, () -> root.start().join())
                .getCause();
        assertEquals(
                "root/branch", assertInstanceOf(ChildNotStarted.class, failure).path());
        assertEquals(
                "root/branch/c",
                assertInstanceOf(ChildNotStarted.class, failure.getCause()).path());
    }

    @Test
    void aStopThatHangsBelowIsBoundedThere() {
        Rig rig = new Rig();
        Supervisor root = tree(rig, 1, RestartType.PERMANENT);
        rig.habits("c", Habit.STOP_HANGS, Habit.KILL_HANGS);
        rig.traced();
        root.stop();

        rig.advance(ChildSpec.DEFAULT_STOP_LIMIT.plus(ChildSpec.DEFAULT_KILL_LIMIT));

        assertEquals(List.of("stop d", "stop c", "kill c", "stop b", "stop a"), rig.traced());
        assertTrue(root.ended().isDone());
    }

    @Test
    void aKillGoesDownTheTree() {
        Rig rig = new Rig();
        Supervisor root = tree(rig, 1, RestartType.PERMANENT);
        rig.traced();

        root.kill();

        assertEquals(List.of("kill d", "kill c", "kill b", "kill a"), rig.traced());
    }

    @Test
    void aSupervisorBelowHasAsLongForItsEndAsItsChildrenNeed() {
        Rig rig = new Rig();
        rig.habits("b", Habit.KILL_HANGS);
        SupervisorSpec branch = SupervisorSpec.builder("branch")
                .child(rig.child("b").killLimit(Duration.ofSeconds(8)).build())
                .build();
        Supervisor root = rig.start(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                .child(Supervisor.asChild(branch).build()));
        root.kill();

        rig.advance(Duration.ofSeconds(8));

        assertEquals(
                List.of("root/branch/b"),
                rig.events(SupervisionEvent.Lost.class).stream()
                        .map(SupervisionEvent::path)
                        .toList());
        assertTrue(root.ended().isDone());
    }

    @Test
    void aStopOfABranchEndsItInOrderForItsType() {
        Rig rig = new Rig();
        Supervisor root = tree(rig, 1, RestartType.TRANSIENT);
        rig.traced();

        root.branch("branch").orElseThrow().stop();

        assertEquals(List.of("stop c", "stop b"), rig.traced());
        assertEquals("ENDED", rig.state("branch"));
        assertFalse(root.branch("branch").isPresent());
    }

    @Test
    void childrenAddedBelowAreGoneAfterTheRestartOfTheirSupervisor() {
        Rig rig = new Rig();
        Supervisor root = tree(rig, 1, RestartType.PERMANENT);
        Supervisor branch = root.branch("branch").orElseThrow();
        assertTrue(branch.add(rig.child("x").build()).isDone());
        assertEquals("RUNNING", rig.state("branch/x"));
        assertFalse(root.branch("a").isPresent());

        rig.fails("x");
        rig.fails("x");

        assertEquals("gone", rig.state("branch/x"));
        assertNotSame(branch, root.branch("branch").orElseThrow());
        assertTrue(branch.add(rig.child("y").build()).isCompletedExceptionally());
    }

    @Test
    void observersAboveHearOfAllBelow() {
        Rig rig = new Rig();
        tree(rig, 1, RestartType.PERMANENT);

        rig.fails("b");

        List<String> paths = rig.events.stream().map(SupervisionEvent::path).toList();
        assertEquals(
                List.of("root/a", "root/branch/b", "root/branch/c", "root/branch", "root/d", "root"),
                paths.subList(0, 6));
        assertEquals(
                List.of("root/branch/b", "root/branch/b", "root/branch/b", "root/branch/b"),
                paths.subList(6, paths.size()));
    }

    private static Supervisor tree(Rig rig, int intensity, RestartType type) {
        SupervisorSpec branch = SupervisorSpec.builder("branch")
                .intensity(intensity, PERIOD)
                .backoff(Backoff.NONE)
                .child(rig.child("b").build())
                .child(rig.child("c").build())
                .build();
        return rig.start(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                .intensity(1, PERIOD)
                .child(rig.child("a").build())
                .child(Supervisor.asChild(branch).restart(type).build())
                .child(rig.child("d").build()));
    }
}
