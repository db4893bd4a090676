package dev.streamipc.faults;

import dev.streamipc.channel.Eventually;
import dev.streamipc.dispatch.Dispatcher;
import dev.streamipc.dispatch.DispatcherStats;
import dev.streamipc.dispatch.ProcessDispatcher;
import dev.streamipc.dispatch.RestartReason;
import dev.streamipc.dispatch.TaskOptions;
import dev.streamipc.dispatch.WorkerState;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.FunctionCall;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.StartFailed;
import dev.streamipc.supervise.Backoff;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers that do not come, do not go, or end again and again, and what a pool makes of them. */
@Timeout(600)
class PoolStartTest {

    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Backoff SOON =
            new Backoff(Duration.ofMillis(5), Duration.ofMillis(20), 0.5, Duration.ofSeconds(60));

    private static final Rows ROWS = new Rows(PoolStartTest.class);

    /** What is done with a pool's builder, in a folder for one case. */
    @FunctionalInterface
    private interface Scene {
        void play(Path folder, Evidence evidence) throws Exception;
    }

    private static void play(String row, Scene scene) throws Exception {
        ROWS.playRaw(row, 2, (combo, number) -> evidence -> {
            Path folder = Launchpad.caseFolder();
            try {
                scene.play(folder, evidence);
            } finally {
                Launchpad.delete(folder);
            }
        });
    }

    private static ProcessDispatcher.Builder python(Path folder, String fault) {
        return Pools.builder(Pools.python(fault), folder).backoff(SOON).restarts(2, Duration.ofSeconds(10));
    }

    private static CompletableFuture<String> work(Dispatcher pool, int number, int millis) {
        return pool.call("work", String.class, TaskOptions.DEFAULT, number, millis, 1);
    }

    private static void requireFailsToStart(ProcessDispatcher.Builder builder, long limitMs, Evidence evidence) {
        long since = System.nanoTime();
        try (Dispatcher pool = builder.build()) {
            evidence.violation("it was built: " + pool);
        } catch (StartFailed failed) {
            long tookNanos = System.nanoTime() - since;
            evidence.failed(failed)
                    .proof("failure", failed.getMessage().split(",")[1].strip());
            evidence.time("pool that can't start, to its failure", tookNanos);
            evidence.require(tookNanos < TimeUnit.MILLISECONDS.toNanos(limitMs), "late: tookNanos=" + tookNanos);
        }
    }

    @Test
    void workersThatNeverGetReadyFailTheStart() throws Exception {
        play(
                "pool.never-ready",
                (folder, evidence) ->
                        requireFailsToStart(python(folder, "hangs").workers(2).startLimit(SHORT), 30_000, evidence));
    }

    @Test
    void aCloseDoesNotWaitForAStart() throws Exception {
        play("pool.close-at-start", (folder, evidence) -> {
            Dispatcher pool = python(folder, "hangs-later")
                    .workers(1, 2)
                    .growAfter(Duration.ZERO)
                    .closeLimit(SHORT)
                    .startLimit(Duration.ofSeconds(300))
                    .build();
            CompletableFuture<String> running = work(pool, 1, 600_000);
            CompletableFuture<String> waiting = work(pool, 2, 1);
            awaitLedger(folder, 0);
            close(pool, 20_000, evidence);
            expectFailure(running, IpcFailure.class, evidence);
            expectFailure(waiting, IpcFailure.class, evidence);
            evidence.proof("workers", 2);
        });
    }

    @Test
    void workersThatDieAtTheirStartFailTheStart() throws Exception {
        play(
                "pool.dies-at-start",
                (folder, evidence) ->
                        requireFailsToStart(python(folder, "exits").workers(4), 30_000, evidence));
    }

    @Test
    void workersThatAreStoppedAtTheirStartFailTheStart() throws Exception {
        play(
                "pool.stopped-at-start",
                (folder, evidence) ->
                        requireFailsToStart(python(folder, "stops").workers(1).startLimit(SHORT), 60_000, evidence));
    }

    @Test
    void aStartTaskThatAlwaysFailsFailsTheStart() throws Exception {
        play(
                "pool.start-task",
                (folder, evidence) -> requireFailsToStart(
                        python(folder, "").workers(2).startTask(FunctionCall.of("ready", folder + "/starts", 1)),
                        30_000,
                        evidence));
    }

    @Test
    void aStartTaskThatFailsEverySecondTimeCostsRestartsOnly() throws Exception {
        play("pool.start-task-second", (folder, evidence) -> {
            FunctionCall second = FunctionCall.of("ready", folder + "/starts", 2);
            try (Dispatcher pool = python(folder, "")
                    .workers(3)
                    .restarts(100, Duration.ofSeconds(1))
                    .startTask(second)
                    .build()) {
                for (int number = 0; number < 10; number++) {
                    work(pool, number, 1).join();
                    evidence.answered();
                }
                long failed = pool.stats().restarts(RestartReason.START_FAILED);
                evidence.proof("failedStarts", failed).require(failed >= 1, "no start has failed");
            }
        });
    }

    @Test
    void workersThatIgnoreTermAreEndedInTime() throws Exception {
        play("pool.ignores-term", (folder, evidence) -> {
            Dispatcher pool =
                    python(folder, "ignores-term").workers(3).closeLimit(SHORT).build();
            work(pool, 1, 1).join();
            CompletableFuture<String> running = work(pool, 2, 600_000);
            awaitLedger(folder, 2);
            close(pool, 20_000, evidence);
            expectFailure(running, IpcFailure.class, evidence);
            evidence.proof("workers", 3);
        });
    }

    @Test
    void aWorkerThatIsStoppedIsReplaced() throws Exception {
        play("pool.stopped", (folder, evidence) -> {
            try (Dispatcher pool = python(folder, "")
                    .workers(1)
                    .runLimit(SHORT)
                    .grace(Duration.ofMillis(200))
                    .build()) {
                CompletableFuture<Void> stopped = pool.call("stop", Void.class, TaskOptions.DEFAULT, 1);
                expectFailure(stopped, DeadlinePassed.class, evidence);
                pool.call("work", String.class, TaskOptions.DEFAULT.runLimit(Duration.ofSeconds(20)), 2, 1, 1)
                        .join();
                evidence.answered().proof("killed", pool.stats().restarts(RestartReason.KILLED));
                evidence.require(pool.stats().restarts(RestartReason.KILLED) >= 1, "it was not killed");
            }
        });
    }

    @Test
    void theBreakerTripsAndClosesAgain() throws Exception {
        play("pool.breaker", (folder, evidence) -> {
            // the defaults, but for a pause that a test can wait for
            try (Dispatcher pool = Pools.builder(Pools.python(""), folder)
                    .workers(1)
                    .pause(Duration.ofSeconds(1))
                    .backoff(SOON)
                    .build()) {
                int deaths = 0;
                long since = System.nanoTime();
                Throwable last = null;
                while (!(last instanceof Rejected) && System.nanoTime() - since < TimeUnit.SECONDS.toNanos(60)) {
                    last = pool.call("die", Void.class, TaskOptions.DEFAULT, ++deaths)
                            .handle((none, thrown) -> thrown)
                            .get(30, TimeUnit.SECONDS);
                }
                boolean isOpen = last instanceof Rejected refusal && refusal.reason() == Rejected.Reason.BREAKER_OPEN;
                evidence.require(isOpen, "not tripped: " + last).proof("deaths", deaths);
                long refusedNanos = System.nanoTime();
                expectFailure(work(pool, 1_000, 1), Rejected.class, evidence);
                evidence.time("refusal while all workers pause", System.nanoTime() - refusedNanos);
                Eventually.await("a worker is back", () -> pool.stats().workers(WorkerState.IDLE) == 1);
                work(pool, 1_001, 1).join();
                evidence.answered();
            }
        });
    }

    @Test
    void aPoisonTaskOnAPoolOfOneHurtsNobodyElse() throws Exception {
        play("pool.poison", (folder, evidence) -> {
            try (Dispatcher pool = python(folder, "")
                    .workers(1)
                    .restarts(100, Duration.ofSeconds(1))
                    .build()) {
                TaskOptions keyed = TaskOptions.DEFAULT.key("poison").idempotent(5);
                CompletableFuture<Void> poison = pool.call("die", Void.class, keyed, 1);
                List<CompletableFuture<String>> others = IntStream.range(2, 22)
                        .mapToObj(number -> work(pool, number, 1))
                        .toList();
                expectFailure(poison, ChildDied.class, evidence);
                for (CompletableFuture<String> other : others) {
                    other.get(30, TimeUnit.SECONDS);
                    evidence.answered();
                }
                expectFailure(pool.call("die", Void.class, keyed, 30), Rejected.class, evidence);
                long begun = PoolLedger.read(folder.resolve(Pools.LEDGER)).lines().stream()
                        .filter(line -> line.isBegin() && line.id() == 1)
                        .count();
                evidence.proof("workersEnded", begun).require(begun == 2, "begun=" + begun);
            }
        });
    }

    @Test
    void workersAreRecycledWhileTasksAreAssigned() throws Exception {
        play("pool.recycle", (folder, evidence) -> {
            try (Dispatcher pool =
                    python(folder, "").workers(2).recycleAfterTasks(5).build()) {
                List<CompletableFuture<String>> tasks = IntStream.range(1, 101)
                        .mapToObj(number -> work(pool, number, 5))
                        .toList();
                for (CompletableFuture<String> task : tasks) {
                    task.get(60, TimeUnit.SECONDS);
                    evidence.answered();
                }
                long recycled = pool.stats().restarts(RestartReason.TASKS);
                evidence.proof("recycled", recycled).require(recycled >= 1, "none was recycled");
            }
        });
    }

    @Test
    void aFullQueueIsRefusedToEightThreadsAndNoTaskIsLost() throws Exception {
        play("pool.full", (folder, evidence) -> {
            try (Dispatcher pool =
                    python(folder, "").workers(2).queueCapacity(4).build()) {
                List<CompletableFuture<String>> tasks = Collections.synchronizedList(new ArrayList<>());
                List<Thread> threads = IntStream.range(0, 8)
                        .mapToObj(thread -> new Thread(() ->
                                IntStream.range(0, 100).forEach(each -> tasks.add(work(pool, thread * 100 + each, 1)))))
                        .toList();
                threads.forEach(Thread::start);
                for (Thread thread : threads) {
                    thread.join();
                }
                for (CompletableFuture<String> task : tasks) {
                    Outcomes.count(task, evidence);
                }
                DispatcherStats stats = pool.stats();
                evidence.require(stats.accepted() + refused(tasks) == 800, "accepted=" + stats.accepted() + ", of=800");
                evidence.proof("refused", refused(tasks)).require(refused(tasks) > 0, "the queue was never full");
            }
        });
    }

    private static long refused(List<CompletableFuture<String>> tasks) {
        return tasks.stream()
                .filter(CompletableFuture::isCompletedExceptionally)
                .count();
    }

    @Test
    void aHundredWorkersStartWorkAndEnd() throws Exception {
        play("pool.hundred", (folder, evidence) -> {
            Dispatcher pool = python(folder, "")
                    .workers(100)
                    .startLimit(Duration.ofSeconds(120))
                    .build();
            List<CompletableFuture<String>> tasks = IntStream.range(0, 500)
                    .mapToObj(number -> work(pool, number, 20))
                    .toList();
            for (CompletableFuture<String> task : tasks) {
                Outcomes.count(task, evidence);
            }
            evidence.proof("idle", pool.stats().workers(WorkerState.IDLE));
            evidence.require(
                    pool.workers().size() == 100, "workers=" + pool.workers().size());
            close(pool, 60_000, evidence);
        });
    }

    private static void awaitLedger(Path folder, int id) throws Exception {
        Eventually.await(
                "it has begun",
                () -> PoolLedger.read(folder.resolve(Pools.LEDGER)).lines().stream()
                        .anyMatch(line -> line.id() == id));
    }

    private static void close(Dispatcher pool, long limitMs, Evidence evidence) {
        long since = System.nanoTime();
        pool.close();
        long tookNanos = System.nanoTime() - since;
        evidence.time("close of a pool", tookNanos);
        evidence.require(tookNanos < TimeUnit.MILLISECONDS.toNanos(limitMs), "close is late: tookNanos=" + tookNanos);
    }

    private static void expectFailure(CompletableFuture<?> call, Class<? extends IpcFailure> type, Evidence evidence)
            throws Exception {
        IpcFailure failure = Outcomes.failureOf(call, evidence);
        evidence.require(type.isInstance(failure), "expected=" + type.getSimpleName() + ", was=" + failure);
    }
}
