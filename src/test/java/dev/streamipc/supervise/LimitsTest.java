package dev.streamipc.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.supervise.Rig.Habit;
import dev.streamipc.supervise.SupervisionFailure.ChildGone;
import dev.streamipc.supervise.SupervisionFailure.ChildNotStarted;
import dev.streamipc.supervise.SupervisionFailure.StartTimedOut;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts and stops that fail, throw or hang, and executors that refuse. */
class LimitsTest {

    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void aFirstStartThatFailsUndoesThoseBefore(int place) {
        Rig rig = new Rig();
        rig.habits(NAMES.get(place), Habit.START_THROWS);

        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, NAMES.toArray(String[]::new));

        List<String> trace = rig.traced();
        assertEquals(place + 1 + place, trace.size());
        for (int i = 0; i < place; i++) {
            assertEquals("stop " + NAMES.get(place - 1 - i), trace.get(place + 1 + i));
        }
        Throwable failure = failureOf(supervisor.start());
        assertEquals(
                "first start failed: child=root/" + NAMES.get(place)
                        + ", failure=dev.streamipc.supervise.Rig$Trouble: start of " + NAMES.get(place),
                failure.getMessage());
        assertEquals(failure, failureOf(supervisor.ended()));
        assertEquals(0, rig.time.waiting());
    }

    @Test
    void aFirstStartThatHangsIsKilled() {
        Rig rig = new Rig();
        rig.habits("b", Habit.START_HANGS);
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a", "b");

        rig.advance(ChildSpec.DEFAULT_START_LIMIT.minusNanos(1));
        assertFalse(supervisor.start().isDone());
        rig.advance(Duration.ofNanos(1));

        assertEquals(List.of("start a", "start b", "kill b", "stop a"), rig.traced());
        Throwable failure = failureOf(supervisor.start());
        assertInstanceOf(ChildNotStarted.class, failure);
        assertEquals(
                "not started within the limit: child=root/b, limitMs=30000",
                assertInstanceOf(StartTimedOut.class, failure.getCause()).getMessage());
    }

    @Test
    void anEndInOrderBeforeTheStartWasToldIsNoFailure() {
        Rig rig = new Rig();
        rig.habits("a", Habit.START_HANGS);
        Supervisor supervisor =
                rig.start(Rig.spec(RestartStrategy.ONE_FOR_ONE).child(rig.child("a", RestartType.TRANSIENT)));

        rig.ends("a");

        assertTrue(supervisor.start().isDone());
        assertEquals("ENDED", rig.state("a"));
    }

    @Test
    void aStopThatHangsEndsInAKill() {
        Rig rig = new Rig();
        rig.habits("b", Habit.STOP_HANGS);
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a", "b");
        rig.traced();
        CompletableFuture<Void> stopped = supervisor.stop();

        rig.advance(ChildSpec.DEFAULT_STOP_LIMIT.minusNanos(1));
        assertEquals(List.of("stop b"), rig.traced());
        rig.advance(Duration.ofNanos(1));

        assertEquals(List.of("kill b", "stop a"), rig.traced());
        assertTrue(stopped.isDone());
        assertEquals(1, rig.events(SupervisionEvent.Killed.class).size());
    }

    @Test
    void aStopThatThrowsEndsInAKillAtOnce() {
        Rig rig = new Rig();
        rig.habits("a", Habit.STOP_THROWS);
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");

        supervisor.stop();

        assertEquals(List.of("start a", "stop a", "kill a"), rig.traced());
    }

    @Test
    void aStopLimitOfZeroKillsAtOnce() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                .child(rig.child("a").stopLimit(Duration.ZERO).build()));

        supervisor.stop();

        assertEquals(List.of("start a", "kill a"), rig.traced());
        assertEquals(ChildState.ENDED, supervisor.snapshot().state());
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL_HANGS", "KILL_THROWS"})
    void whoOutlivesItsKillIsGivenUpForLost(String habit) {
        Rig rig = new Rig();
        rig.habits("a", Habit.STOP_HANGS, Habit.valueOf(habit));
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");
        supervisor.stop();

        rig.advance(
                ChildSpec.DEFAULT_STOP_LIMIT.plus(ChildSpec.DEFAULT_KILL_LIMIT).minusNanos(1));
        assertEquals(ChildState.STOPPING, supervisor.snapshot().state());
        rig.advance(Duration.ofNanos(1));

        assertEquals(ChildState.ENDED, supervisor.snapshot().state());
        assertEquals(
                List.of("root/a"),
                rig.events(SupervisionEvent.Lost.class).stream()
                        .map(SupervisionEvent::path)
                        .toList());
        rig.fails("a");
        assertEquals(1, rig.events(SupervisionEvent.Lost.class).size());
    }

    @Test
    void newsOfALostLifeDoNotHitTheNext() {
        Rig rig = new Rig();
        rig.start(RestartStrategy.ONE_FOR_ALL, "a", "b");
        rig.habits("b", Habit.STOP_HANGS, Habit.KILL_HANGS);
        Supervised.Life lost = rig.last("b").life();
        rig.fails("a");
        rig.advance(Duration.ofSeconds(10));
        assertEquals("RUNNING", rig.state("b"));

        lost.ended(new Rig.Trouble("late"));
        lost.failing(new Rig.Trouble("later"));

        assertEquals("RUNNING", rig.state("b"));
        assertEquals(1, rig.events(SupervisionEvent.Restarting.class).size());
    }

    @Test
    void aStopDuringAStartStopsWhatStarts() {
        Rig rig = new Rig();
        rig.habits("b", Habit.START_HANGS);
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a", "b", "c");

        supervisor.stop();

        assertEquals(List.of("start a", "start b", "stop b", "stop a"), rig.traced());
        assertEquals(
                "stopped before it started: child=root",
                failureOf(supervisor.start()).getMessage());
        assertInstanceOf(ChildGone.class, failureOf(supervisor.start()));
        assertTrue(supervisor.ended().isDone() && !supervisor.ended().isCompletedExceptionally());
    }

    @Test
    void aStopBeforeTheStartEndsIt() {
        Rig rig = new Rig();
        Supervisor supervisor = Supervisor.builder(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                        .child(rig.child("a").build())
                        .build())
                .executor(Runnable::run)
                .build();

        assertTrue(supervisor.stop().isDone());
        supervisor.start();

        assertEquals(List.of(), rig.traced());
    }

    @Test
    void aKillKillsAllAtOnceEvenDuringAStop() {
        Rig rig = new Rig();
        rig.habits("c", Habit.STOP_HANGS);
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a", "b", "c");
        rig.traced();
        supervisor.stop();

        assertTrue(supervisor.kill().isDone());

        assertEquals(List.of("stop c", "kill c", "kill b", "kill a"), rig.traced());
        assertTrue(supervisor.ended().isDone() && !supervisor.ended().isCompletedExceptionally());
    }

    @Test
    void aStartThatNeverGotAThreadIsLeftOutByAStop() {
        Rig rig = new Rig();
        Deque<Runnable> tasks = new ArrayDeque<>();
        Supervisor supervisor = rig.start(
                Rig.spec(RestartStrategy.ONE_FOR_ONE).child(rig.child("a").build()), tasks::add);

        supervisor.stop();
        assertEquals(ChildState.ENDED, supervisor.snapshot().state());
        tasks.forEach(Runnable::run);

        assertEquals(List.of(), rig.traced());
    }

    @Test
    void aStopWaitsForTheReturnOfStartAndAKillComesTwice() {
        Rig rig = new Rig();
        Supervisor[] made = new Supervisor[1];
        SupervisorSpec.Builder spec = Rig.spec(RestartStrategy.ONE_FOR_ONE);
        Supervised inner = new Supervised() {
            @Override
            public void start(Life life) {
                made[0].stop();
                rig.trace.add("asked");
                rig.advance(ChildSpec.DEFAULT_STOP_LIMIT);
                rig.trace.add("start returns");
            }

            @Override
            public void stop() {
                rig.trace.add("stop");
            }

            @Override
            public void kill() {
                rig.trace.add("kill");
            }
        };
        made[0] = Supervisor.builder(
                        spec.child(ChildSpec.builder("a", () -> inner).build()).build())
                .scheduler(rig.time)
                .executor(task -> rig.time.schedule(task, 0))
                .build();
        made[0].start();

        rig.advance(Duration.ofSeconds(1));

        assertEquals(List.of("asked", "kill", "start returns", "kill"), rig.traced());
    }

    @Test
    void aStopDuringTheStartComesBehindIt() {
        Rig rig = new Rig();
        Supervisor[] made = new Supervisor[1];
        Supervised inner = new Supervised() {
            private @Nullable Life news;

            @Override
            public void start(Life life) {
                news = life;
                made[0].stop();
                rig.trace.add("start returns");
            }

            @Override
            public void stop() {
                rig.trace.add("stop");
                Objects.requireNonNull(news).ended(null);
            }

            @Override
            public void kill() {
                rig.trace.add("kill");
            }
        };
        made[0] = Supervisor.builder(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                        .child(ChildSpec.builder("a", () -> inner).build())
                        .build())
                .scheduler(rig.time)
                .executor(task -> rig.time.schedule(task, 0))
                .build();
        made[0].start();

        rig.advance(Duration.ofSeconds(1));

        assertEquals(List.of("start returns", "stop"), rig.traced());
        assertEquals(ChildState.ENDED, made[0].snapshot().state());
    }

    @Test
    void aRefusedStartIsAFailedStart() {
        Rig rig = new Rig();
        AtomicInteger tasks = new AtomicInteger();
        Supervisor supervisor = rig.start(
                Rig.spec(RestartStrategy.ONE_FOR_ONE).child(rig.child("a").build()), task -> {
                    if (tasks.getAndIncrement() == 0) {
                        throw new RejectedExecutionException("full");
                    }
                    task.run();
                });

        Throwable failure = failureOf(supervisor.start());

        assertInstanceOf(RejectedExecutionException.class, failure.getCause());
        assertEquals(List.of(), rig.traced());
    }

    @Test
    void aRefusedStopGetsAThreadOfItsOwn() {
        Rig rig = new Rig();
        boolean[] refuses = new boolean[1];
        Supervisor supervisor = rig.start(
                Rig.spec(RestartStrategy.ONE_FOR_ONE).child(rig.child("a").build()), task -> {
                    if (refuses[0]) {
                        throw new RejectedExecutionException("shut down");
                    }
                    task.run();
                });
        refuses[0] = true;

        supervisor.stop().join();

        assertEquals(List.of("start a", "stop a"), rig.traced());
    }

    @Test
    void closeStopsAndWaits() {
        Rig rig = new Rig();

        try (Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a")) {
            assertEquals(ChildState.RUNNING, supervisor.snapshot().state());
        }

        assertEquals(List.of("start a", "stop a"), rig.traced());
    }

    private static Throwable failureOf(CompletableFuture<Void> future) {
        return assertThrows(CompletionException.class, future::join).getCause();
    }
}
