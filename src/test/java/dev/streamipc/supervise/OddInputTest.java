package dev.streamipc.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.supervise.Rig.Habit;
import dev.streamipc.supervise.Rig.Trouble;
import dev.streamipc.supervise.SupervisionFailure.ChildNotStarted;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What users tell and give that makes no sense: the supervisor says so at once, or goes on all the same. */
class OddInputTest {

    /** A failure that fails itself, whatever it is asked. */
    private static final class Mute extends CompletionException {

        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("planted");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("planted");
        }
    }

    @ParameterizedTest
    @EnumSource
    void troubleWithoutAFailureIsAFailure(RestartStrategy strategy) {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(strategy, "a");

        rig.last("a").life().failing(nothing());

        assertInstanceOf(
                NullPointerException.class,
                rig.events(SupervisionEvent.Failed.class).get(0).failure());
        assertEquals("RUNNING", rig.state("a"));
        assertTrue(supervisor.stop().isDone());
    }

    @Test
    void aFailureWithoutWordsIsJudgedAndTold() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");

        rig.last("a").life().ended(new Mute());

        assertEquals("RUNNING", rig.state("a"));
        assertEquals(1, rig.events(SupervisionEvent.Failed.class).size());
        assertTrue(supervisor.stop().isDone());
    }

    @Test
    void aFirstStartThatFailsWithoutWordsEndsTheSupervisor() {
        Rig rig = new Rig();
        rig.habits("a", Habit.START_HANGS);
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");

        rig.last("a").life().ended(new Mute());

        Throwable failure = assertThrows(
                        CompletionException.class, () -> supervisor.start().getNow(null))
                .getCause();
        assertEquals(
                "first start failed: child=root/a, failure=" + Mute.class.getName(),
                assertInstanceOf(ChildNotStarted.class, failure).getMessage());
    }

    @Test
    void causesThatGoRoundInACircleAreFollowedForAWhile() {
        CompletionException outer = new CompletionException("outer", null) {
            private static final long serialVersionUID = 1L;

            @Override
            public synchronized Throwable getCause() {
                return new ExecutionException(this);
            }
        };
        FailureRules rules =
                FailureRules.builder().on(Exception.class, FailureAction.STOP).build();

        assertEquals(FailureAction.STOP, rules.verdict(outer).action());
    }

    @Test
    void aBackoffThatIsNotToldIsThatOfTheSupervisor() {
        assertEquals(Duration.ofSeconds(1), delayWith(OddInputTest::nothing));
        assertEquals(Duration.ofSeconds(1), delayWith(() -> {
            throw new IllegalStateException("planted");
        }));
    }

    @Test
    void aClockThatThrowsOnceCostsOneEvent() {
        Rig rig = new Rig();
        boolean[] throwsNow = {false};
        Scheduler clock = new Scheduler() {
            @Override
            public long nanoTime() {
                if (throwsNow[0]) {
                    throwsNow[0] = false;
                    throw new IllegalStateException("planted");
                }
                return rig.time.nanoTime();
            }

            @Override
            public Due schedule(Runnable task, long delayNanos) {
                return rig.time.schedule(task, delayNanos);
            }
        };
        Supervisor supervisor = Supervisor.builder(
                        spec().child(rig.child("a").build()).build())
                .scheduler(clock)
                .executor(Runnable::run)
                .build();
        supervisor.start();
        throwsNow[0] = true;
        rig.ends("a");

        supervisor.stop();
        rig.advance(ChildSpec.DEFAULT_STOP_LIMIT.plus(ChildSpec.DEFAULT_KILL_LIMIT));

        assertTrue(supervisor.ended().isDone());
    }

    @Test
    void newsThatComeTwiceCountOnce() {
        Rig rig = new Rig();
        rig.start(RestartStrategy.ONE_FOR_ONE, "a");
        Supervised.Life first = rig.last("a").life();

        first.started();
        rig.fails("a");
        first.ended(null);
        first.ended(new Trouble("again"));
        first.failing(new Trouble("late"));
        first.started();

        assertEquals(
                List.of("Started", "Started", "Ended", "Failed", "Restarting", "Started"),
                rig.events.stream()
                        .map(event -> event.getClass().getSimpleName())
                        .toList());
    }

    @Test
    void aStartToldOftenIsBroughtOnce() {
        List<SupervisorInput> inbox = new ArrayList<>();
        VirtualTime time = new VirtualTime();
        Surroundings around = new Surroundings("root/a", new UsersCode(Runnable::run, time), time, 1, event -> {});
        Incarnation life = new Incarnation(1, new Rig().child("a").build(), around, inbox::add);

        life.started();
        life.started();

        assertEquals(List.of(new SupervisorInput.LifeStarted(1)), inbox);
    }

    @Test
    void whoHasToldItsEndIsNotAskedToStop() {
        Rig rig = new Rig();
        UsersCode direct = new UsersCode(Runnable::run, rig.time);
        Surroundings around = new Surroundings("root/a", direct, rig.time, 1, event -> {});
        Incarnation life = new Incarnation(1, rig.child("a").build(), around, input -> {});
        life.start();

        life.ended(null);
        life.stop();

        assertEquals(List.of("start a"), rig.traced());
    }

    @Test
    void anEndWithinTheStartIsTakenAndSoIsAThrowBehindIt() {
        Rig rig = new Rig();
        Supervised brief = new Supervised() {
            @Override
            public void start(Life life) throws IOException {
                life.started();
                life.ended(null);
                throw new IOException("behind the end");
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
        Supervisor supervisor = rig.start(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                .child(ChildSpec.builder("a", () -> brief)
                        .restart(RestartType.TRANSIENT)
                        .build()));

        assertEquals("ENDED", rig.state("a"));
        assertNull(supervisor.snapshot().children().get(0).lastFailure());
        assertEquals(List.of(), rig.traced());
    }

    @Test
    void nothingIsRefusedWhereItIsGiven() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");

        assertThrows(NullPointerException.class, () -> supervisor.add(nothing()));
        assertThrows(NullPointerException.class, () -> supervisor.remove(nothing()));
        assertThrows(NullPointerException.class, () -> supervisor.observe(nothing()));
        assertThrows(NullPointerException.class, () -> ChildSpec.builder("a", nothing()));
        assertThrows(NullPointerException.class, () -> rig.child("a").restart(nothing()));
        assertThrows(NullPointerException.class, () -> Rig.spec(nothing()).build());
        assertThrows(NullPointerException.class, () -> spec().backoff(nothing()).build());
        assertThrows(NullPointerException.class, () -> spec().rules(nothing()).build());
        assertThrows(NullPointerException.class, () -> new FailureRules(Map.of(), nothing()));
        assertThrows(NullPointerException.class, () -> Supervisor.of(nothing()));
        Supervisor.Builder builder = Supervisor.builder(spec().build());
        assertThrows(NullPointerException.class, () -> builder.executor(nothing()));
        assertThrows(NullPointerException.class, () -> builder.scheduler(nothing()));
        assertTrue(supervisor.stop().isDone());
    }

    private static SupervisorSpec.Builder spec() {
        return Rig.spec(RestartStrategy.ONE_FOR_ONE);
    }

    private static Duration delayWith(Supplier<Backoff> own) {
        Rig rig = new Rig();
        Duration second = Duration.ofSeconds(1);
        rig.start(spec().backoff(new Backoff(second, second, 0, second))
                .child(rig.child("a").backoff(own).build()));

        rig.fails("a");

        return rig.events(SupervisionEvent.Restarting.class).get(0).delay();
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        @Nullable T none = null;
        return none;
    }
}
