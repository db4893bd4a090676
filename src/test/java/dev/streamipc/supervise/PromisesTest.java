package dev.streamipc.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.supervise.Rig.Habit;
import dev.streamipc.supervise.SupervisionFailure.ChildGone;
import dev.streamipc.supervise.SupervisionFailure.TooManyRestarts;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the Javadoc says beside the large matters. */
class PromisesTest {

    @Test
    void laterStartsStartNothingAndLaterStopsStopNothing() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");
        rig.habits("a", Habit.STOP_HANGS);

        assertTrue(supervisor.start().isDone());
        supervisor.stop();
        supervisor.stop();
        rig.ends("a");
        supervisor.start();
        supervisor.stop();
        supervisor.kill();

        assertEquals(List.of("start a", "stop a"), rig.traced());
    }

    @Test
    void stopAndKillNeverFail() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                .intensity(0, Duration.ofSeconds(1))
                .child(rig.child("a").build()));
        CompletableFuture<Void> before = supervisor.stop();
        rig.fails("a");

        assertTrue(before.isDone() && !before.isCompletedExceptionally());
        Supervisor failed = rig.start(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                .intensity(0, Duration.ofSeconds(1))
                .child(rig.child("b").build()));
        rig.fails("b");
        assertTrue(failed.ended().isCompletedExceptionally());
        assertFalse(failed.stop().isCompletedExceptionally());
        assertFalse(failed.kill().isCompletedExceptionally());
    }

    @Test
    void whatACallerDoesToItsFutureConcernsNobodyElse() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");

        supervisor.ended().complete(null);
        supervisor.stop().cancel(true);
        supervisor.start().completeExceptionally(new IllegalStateException("planted"));

        assertEquals(ChildState.ENDED, supervisor.snapshot().state());
        assertFalse(supervisor.ended().isCompletedExceptionally());
        assertFalse(supervisor.start().isCompletedExceptionally());
    }

    @Test
    void aFirstStartThatFailedHasNoRules() {
        Rig rig = new Rig();
        rig.habits("a", Habit.START_THROWS);
        FailureRules ignoring =
                FailureRules.builder().otherwise(FailureAction.IGNORE).build();
        Supervisor supervisor = rig.start(Rig.spec(RestartStrategy.ONE_FOR_ONE).rules(ignoring));

        supervisor.add(rig.child("a").build());
        rig.start(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                .rules(ignoring)
                .child(rig.child("a").build()));

        assertEquals(
                List.of(FailureAction.STOP, FailureAction.ESCALATE),
                rig.events(SupervisionEvent.Failed.class).stream()
                        .map(SupervisionEvent.Failed::action)
                        .toList());
        assertNull(rig.events(SupervisionEvent.Failed.class).get(0).rule());
    }

    @Test
    void aChildAddedBeforeTheStartWaitsForIt() {
        Rig rig = new Rig();
        Supervisor supervisor = unstarted(rig);
        CompletableFuture<Void> added = supervisor.add(rig.child("b").build());
        assertEquals(List.of(), rig.traced());

        supervisor.start();

        assertEquals(List.of("start a", "start b"), rig.traced());
        assertTrue(added.isDone() && !added.isCompletedExceptionally());
    }

    @Test
    void aChildAddedToOneThatNeverStartsIsGoneWithIt() {
        Rig rig = new Rig();
        Supervisor supervisor = unstarted(rig);
        CompletableFuture<Void> added = supervisor.add(rig.child("b").build());

        supervisor.close();

        assertInstanceOf(
                ChildGone.class, added.handle((nothing, failure) -> failure).join());
        assertEquals(List.of(), rig.traced());
    }

    @Test
    void theSameSeedGivesTheSameWaits() {
        assertEquals(delays(7), delays(7));
        assertNotEquals(delays(7), delays(8));
    }

    @Test
    void whatGaveUpWithoutAFailureHasNoCause() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                .intensity(0, Duration.ofSeconds(1))
                .child(rig.child("a").build()));

        rig.ends("a");

        assertNull(assertInstanceOf(TooManyRestarts.class, supervisor.snapshot().lastFailure())
                .getCause());
    }

    @Test
    void aBranchThatDoesNotLiveIsNone() {
        Rig rig = new Rig();
        SupervisorSpec branch = SupervisorSpec.builder("branch")
                .intensity(0, Duration.ofSeconds(1))
                .child(rig.child("b").build())
                .build();
        Duration second = Duration.ofSeconds(1);
        Supervisor supervisor = rig.start(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                .backoff(new Backoff(second, second, 0, second))
                .child(Supervisor.asChild(branch).build()));
        assertTrue(supervisor.branch("branch").isPresent());
        assertTrue(supervisor.branch("nobody").isEmpty());

        rig.fails("b");
        assertTrue(supervisor.branch("branch").isEmpty());
        rig.advance(second);

        assertTrue(supervisor.branch("branch").isPresent());
    }

    @Test
    void byDefaultCodeOfUsersRunsOnDaemonsOfThatName() throws Exception {
        CompletableFuture<Thread> starter = new CompletableFuture<>();
        CompletableFuture<Thread> waiter = new CompletableFuture<>();
        Rig rig = new Rig();
        ChildSpec child = ChildSpec.builder("a", () -> {
                    starter.complete(Thread.currentThread());
                    return rig.puppet("a");
                })
                .build();
        try (Supervisor supervisor =
                Supervisor.of(Rig.spec(RestartStrategy.ONE_FOR_ONE).child(child).build())) {
            supervisor.ended().thenRun(() -> waiter.complete(Thread.currentThread()));
            supervisor.start().get(10, TimeUnit.SECONDS);
        }

        for (CompletableFuture<Thread> each : List.of(starter, waiter)) {
            Thread thread = each.get(10, TimeUnit.SECONDS);
            assertTrue(thread.isDaemon());
            assertTrue(thread.getName().matches("streamipc-supervise-\\d+"), thread.getName());
        }
    }

    @Test
    void specsShowNameAndType() {
        ChildSpec spec = new Rig().child("a", RestartType.TRANSIENT);

        assertEquals("ChildSpec[a,TRANSIENT]", spec.toString());
        assertEquals("a", spec.name());
        assertEquals(RestartType.TRANSIENT, spec.restart());
    }

    private static Supervisor unstarted(Rig rig) {
        return Supervisor.builder(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                        .child(rig.child("a").build())
                        .build())
                .scheduler(rig.time)
                .executor(Runnable::run)
                .build();
    }

    private static List<Duration> delays(long seed) {
        Rig rig = new Rig();
        Supervisor supervisor = Supervisor.builder(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                        .backoff(Backoff.DEFAULT)
                        .child(rig.child("a").build())
                        .build())
                .scheduler(rig.time)
                .executor(Runnable::run)
                .seed(seed)
                .build();
        supervisor.observe(rig.events::add);
        supervisor.start();
        for (int i = 0; i < 5; i++) {
            rig.fails("a");
            rig.advance(Duration.ofSeconds(3));
        }
        return rig.events(SupervisionEvent.Restarting.class).stream()
                .map(SupervisionEvent.Restarting::delay)
                .toList();
    }
}
