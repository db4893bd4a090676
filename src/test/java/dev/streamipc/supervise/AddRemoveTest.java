package dev.streamipc.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.supervise.Rig.Habit;
import dev.streamipc.supervise.SupervisionFailure.ChildGone;
import dev.streamipc.supervise.SupervisionFailure.ChildNotStarted;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Children that come and go while a supervisor runs. */
class AddRemoveTest {

    private static final Backoff SECOND =
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), 0, Duration.ofSeconds(60));

    @Test
    void anAddedChildIsStartedAndSupervised() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");
        rig.traced();

        assertTrue(supervisor.add(rig.child("b").build()).isDone());
        rig.fails("b");

        assertEquals(List.of("start b", "start b"), rig.traced());
        supervisor.stop();
        assertEquals(List.of("stop b", "stop a"), rig.traced());
    }

    @Test
    void whatCantBeAddedIsNotInTheTree() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");
        rig.habits("b", Habit.START_THROWS);

        assertInstanceOf(
                ChildNotStarted.class, failureOf(supervisor.add(rig.child("b").build())));
        assertEquals(
                "a child has that name: child=root/a",
                failureOf(supervisor.add(rig.child("a").build())).getMessage());

        assertEquals("gone", rig.state("b"));
        assertEquals(ChildState.RUNNING, supervisor.snapshot().state());
        supervisor.stop();
        assertEquals(
                "the supervisor ends: child=root/c",
                failureOf(supervisor.add(rig.child("c").build())).getMessage());
    }

    @Test
    void whoHearsThatAChildWasNotAddedMayAddItAgain() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");
        rig.habits("b", Habit.START_HANGS, Habit.KILL_HANGS);
        CompletableFuture<Void> added = supervisor.add(rig.child("b").build());
        rig.advance(ChildSpec.DEFAULT_START_LIMIT);
        assertFalse(added.isDone());

        rig.habits("b");
        CompletableFuture<CompletableFuture<Void>> again = added.handle((nothing, failure) -> {
            assertInstanceOf(ChildNotStarted.class, failure);
            return supervisor.add(rig.child("b").build());
        });
        rig.advance(ChildSpec.DEFAULT_KILL_LIMIT);

        assertTrue(again.join().isDone() && !again.join().isCompletedExceptionally());
        assertEquals("RUNNING", rig.state("b"));
    }

    @Test
    void aStopEndsTheWaitForAnAddedChild() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");
        rig.habits("b", Habit.START_HANGS);
        CompletableFuture<Void> added = supervisor.add(rig.child("b").build());

        supervisor.stop();

        assertInstanceOf(ChildGone.class, failureOf(added));
    }

    @Test
    void aChildAddedDuringARoundStartsInItsTurn() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(Rig.spec(RestartStrategy.ONE_FOR_ALL)
                .backoff(SECOND)
                .child(rig.child("a").build()));
        rig.fails("a");
        rig.traced();

        CompletableFuture<Void> added = supervisor.add(rig.child("b").build());
        assertEquals(List.of(), rig.traced());
        rig.advance(Duration.ofSeconds(1));

        assertEquals(List.of("start a", "start b"), rig.traced());
        assertTrue(added.isDone());
    }

    @Test
    void aRemovedChildIsStoppedAndItsSiblingsGoOn() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ALL, "a", "b", "c");
        rig.traced();

        assertTrue(supervisor.remove("b").isDone());

        assertEquals(List.of("stop b"), rig.traced());
        assertEquals("gone", rig.state("b"));
        assertEquals(
                "no such child: child=root/b", failureOf(supervisor.remove("b")).getMessage());
        assertTrue(supervisor.add(rig.child("b").build()).isDone());
    }

    @Test
    void aRemovalOfOneThatHangsIsBoundedAndTwoWaitForIt() {
        Rig rig = new Rig();
        rig.habits("a", Habit.STOP_HANGS, Habit.KILL_HANGS);
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");
        CompletableFuture<Void> first = supervisor.remove("a");
        CompletableFuture<Void> second = supervisor.remove("a");

        rig.advance(ChildSpec.DEFAULT_STOP_LIMIT);
        assertFalse(first.isDone());
        rig.advance(ChildSpec.DEFAULT_KILL_LIMIT);

        assertTrue(first.isDone() && second.isDone());
        assertEquals(List.of("start a", "stop a", "kill a"), rig.traced());
    }

    @Test
    void aChildRemovedInItsBackoffIsNotStarted() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                .backoff(SECOND)
                .child(rig.child("a").build()));
        rig.fails("a");
        rig.traced();

        assertTrue(supervisor.remove("a").isDone());
        rig.advance(Duration.ofSeconds(2));

        assertEquals(List.of(), rig.traced());
        assertEquals(0, rig.time.waiting());
    }

    @Test
    void aChildRemovedBeforeItsStartIsOverFailsItsAdd() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");
        rig.habits("b", Habit.START_HANGS);
        CompletableFuture<Void> added = supervisor.add(rig.child("b").build());

        assertTrue(supervisor.remove("b").isDone());

        assertEquals("gone before it started: child=root/b", failureOf(added).getMessage());
    }

    @Test
    void aRemovalInARoundKeepsTheOrderOfTheRest() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(RestartStrategy.REST_FOR_ONE, "a", "b", "c", "d");
        rig.habits("d", Habit.STOP_HANGS);
        rig.fails("b");
        rig.traced();

        supervisor.remove("a");
        supervisor.remove("b");
        rig.ends("d");

        assertEquals(List.of("stop a", "stop c", "start c", "start d"), rig.traced());
    }

    @Test
    void countsStayTrueOverManyAddsAndRemovals() {
        Rig rig = new Rig();
        Supervisor supervisor =
                rig.start(Rig.spec(RestartStrategy.ONE_FOR_ONE).intensity(10_000, Duration.ofSeconds(1)));
        for (int i = 0; i < 5_000; i++) {
            supervisor.add(rig.child("c" + i).build());
            rig.fails("c" + i);
            if (i >= 10) {
                supervisor.remove("c" + (i - 10));
            }
        }

        assertEquals(10, supervisor.snapshot().count(ChildState.RUNNING));
        assertEquals(10, supervisor.snapshot().children().size());
        supervisor.stop();
        long starts =
                rig.trace.stream().filter(line -> line.startsWith("start")).count();
        long stops = rig.trace.stream().filter(line -> line.startsWith("stop")).count();
        assertEquals(10_000, starts);
        assertEquals(5_000, stops);
        assertEquals(0, rig.time.waiting());
    }

    @Test
    void livesThatAreOverAreLetGo() throws Exception {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");
        WeakReference<Rig.Puppet> first = new WeakReference<>(rig.last("a"));

        rig.fails("a");

        Eventually.await("the first life is garbage", () -> {
            System.gc();
            return first.get() == null;
        });
        assertEquals(1, supervisor.snapshot().count(ChildState.RUNNING));
    }

    private static Throwable failureOf(CompletableFuture<Void> future) {
        return assertThrows(CompletionException.class, future::join).getCause();
    }
}
