package dev.streamipc.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.clock.Scheduler;
import dev.streamipc.supervise.Rig.Habit;
import dev.streamipc.supervise.SupervisionFailure.ChildNotStarted;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Executors without a thread, and callbacks that block: what has to end ends all the same. */
@Timeout(30)
class HeldUpTest {

    private final CountDownLatch release = new CountDownLatch(1);

    @Test
    void aStartThatHangsInTheOnlyThreadIsKilled() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        Supervisor supervisor = hanging(one, release::countDown);

        ExecutionException thrown =
                assertThrows(ExecutionException.class, () -> supervisor.start().get(10, TimeUnit.SECONDS));

        assertInstanceOf(ChildNotStarted.class, thrown.getCause());
        supervisor.close();
        one.shutdown();
        assertTrue(one.awaitTermination(10, TimeUnit.SECONDS));
    }

    @Test
    void aThreadThatNeverComesBackKeepsNoFuture() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        Supervisor supervisor = hanging(one, () -> {});
        CompletableFuture<Void> started = supervisor.start();

        assertThrows(ExecutionException.class, () -> started.get(10, TimeUnit.SECONDS));
        assertThrows(ExecutionException.class, () -> supervisor.ended().get(10, TimeUnit.SECONDS));
        supervisor.stop().get(10, TimeUnit.SECONDS);
        supervisor.close();

        release.countDown();
        one.shutdown();
        assertTrue(one.awaitTermination(10, TimeUnit.SECONDS));
    }

    @Test
    void whoHearsOfAFailedStartMayCloseAndWait() throws Exception {
        Rig rig = new Rig();
        rig.habits("a", Habit.START_THROWS);
        Supervisor supervisor = Supervisor.of(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                .child(rig.child("a").build())
                .build());

        CompletableFuture<Throwable> failure = supervisor.start().handle((nothing, thrown) -> {
            supervisor.stop().join();
            supervisor.close();
            return thrown;
        });

        assertInstanceOf(ChildNotStarted.class, failure.get(10, TimeUnit.SECONDS));
    }

    @Test
    void aCallbackThatBlocksHoldsNoCloseUp() throws Exception {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");
        rig.habits("a", Habit.STOP_HANGS);
        Thread closer = new Thread(supervisor::close, "closer");
        closer.start();
        Eventually.await("the child is asked to stop", () -> rig.state("a").equals("STOPPING"));
        Eventually.awaitBlocked(closer);
        CompletableFuture<Void> blocked = supervisor.ended().thenRun(() -> Eventually.await(release));
        Thread teller = new Thread(() -> rig.ends("a"), "teller");

        teller.start();
        closer.join(10_000);

        assertFalse(closer.isAlive());
        assertFalse(blocked.isDone());
        release.countDown();
        teller.join(10_000);
    }

    @Test
    void aLimitCountsFromTheStartThoughTheStartHeldItsThread() {
        Rig rig = new Rig();
        Supervised slow = new Supervised() {
            @Override
            public void start(Life life) {
                rig.advance(Duration.ofSeconds(3));
            }

            @Override
            public void stop() {}

            @Override
            public void kill() {
                rig.trace.add("kill");
            }
        };
        rig.start(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                .child(ChildSpec.builder("a", () -> slow)
                        .startLimit(Duration.ofSeconds(5))
                        .build()));

        rig.advance(Duration.ofSeconds(2).minusNanos(1));
        assertEquals(List.of(), rig.traced());
        rig.advance(Duration.ofNanos(1));

        assertEquals(List.of("kill"), rig.traced());
    }

    @Test
    void aTimerThatRefusesKeepsNoFuture() {
        Deque<Runnable> tasks = new ArrayDeque<>();
        Supervisor supervisor = Supervisor.builder(
                        Rig.spec(RestartStrategy.ONE_FOR_ONE).build())
                .executor(tasks::add)
                .scheduler(new Scheduler() {
                    @Override
                    public long nanoTime() {
                        return 0;
                    }

                    @Override
                    public Due schedule(Runnable task, long delayNanos) {
                        throw new RejectedExecutionException("planted");
                    }
                })
                .build();
        CompletableFuture<Void> stopped = supervisor.stop();
        CompletableFuture<Void> started = supervisor.start();

        tasks.forEach(Runnable::run);

        assertTrue(stopped.isDone());
        assertTrue(started.isCompletedExceptionally());
    }

    @Test
    void anInterruptDoesNotEndACloseAndIsKept() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(RestartStrategy.ONE_FOR_ONE, "a");
        Thread.currentThread().interrupt();

        supervisor.close();

        assertTrue(Thread.interrupted());
        assertEquals(ChildState.ENDED, supervisor.snapshot().state());
    }

    @Test
    void aStartIsToldEvenIfTheEndIsQuicker() {
        Rig rig = new Rig();
        Deque<Runnable> held = new ArrayDeque<>();
        Supervisor supervisor = rig.start(Rig.spec(RestartStrategy.ONE_FOR_ONE), held::addFirst);
        CompletableFuture<Void> started = supervisor.start();
        supervisor.stop();

        held.forEach(Runnable::run);

        assertTrue(started.isDone() && !started.isCompletedExceptionally());
    }

    @Test
    void aTaskThatWasRefusedIsNotRunLater() {
        Rig rig = new Rig();
        List<Runnable> queued = new ArrayList<>();
        boolean[] refuses = {true};
        Supervisor supervisor = rig.start(
                Rig.spec(RestartStrategy.ONE_FOR_ONE).child(rig.child("a").build()), task -> {
                    if (refuses[0]) {
                        queued.add(task);
                        throw new RejectedExecutionException("planted, though it is queued");
                    }
                    task.run();
                });
        supervisor.close();

        queued.forEach(Runnable::run);

        assertEquals(List.of(), rig.traced());
        assertEquals(List.of(), rig.events);
    }

    @Test
    void aTaskThatRunsWasNotRefused() {
        Rig rig = new Rig();
        Supervisor supervisor = rig.start(
                Rig.spec(RestartStrategy.ONE_FOR_ONE).child(rig.child("a").build()), task -> {
                    task.run();
                    throw new RejectedExecutionException("planted, though it ran");
                });

        assertEquals("RUNNING", rig.state("a"));
        supervisor.close();

        assertEquals(List.of("start a", "stop a"), rig.traced());
    }

    @Test
    void anObserverThatBlocksKeepsNothingFromOthers() throws Exception {
        Rig rig = new Rig();
        try (Supervisor supervisor = Supervisor.of(Rig.spec(RestartStrategy.ONE_FOR_ONE)
                .child(rig.child("a").build())
                .build())) {
            supervisor.observe(event -> Eventually.await(release));
            CountDownLatch told = new CountDownLatch(2);
            supervisor.observe(event -> told.countDown());

            supervisor.start().get(10, TimeUnit.SECONDS);

            assertTrue(told.await(10, TimeUnit.SECONDS));
            release.countDown();
        }
    }

    /** Returns a supervisor of one child, whose start waits for {@link #release}. */
    private Supervisor hanging(ExecutorService executor, Runnable onKill) {
        Supervised deaf = new Supervised() {
            private volatile @Nullable Life news;

            @Override
            public void start(Life life) {
                news = life;
                Eventually.await(release);
            }

            @Override
            public void stop() {}

            @Override
            public void kill() {
                onKill.run();
                Life life = news;
                if (release.getCount() == 0 && life != null) {
                    life.ended(null);
                }
            }
        };
        ChildSpec child = ChildSpec.builder("a", () -> deaf)
                .startLimit(Duration.ofMillis(20))
                .killLimit(Duration.ofMillis(20))
                .build();
        return Supervisor.builder(
                        Rig.spec(RestartStrategy.ONE_FOR_ONE).child(child).build())
                .executor(executor)
                .build();
    }
}
