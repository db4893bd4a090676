package dev.streamipc.faults;

import dev.streamipc.dispatch.Dispatcher;
import dev.streamipc.dispatch.RestartReason;
import dev.streamipc.dispatch.WorkerSnapshot;
import dev.streamipc.supervise.Backoff;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pools whose workers are killed at random while they work; the history is judged by what the workers wrote. */
class PoolKillTest {

    private static final int WORKERS = 4;
    private static final int KILLS = 50;
    private static final int LEAST_MS = 20;
    private static final int MOST_MS = 500;
    private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(3);

    private static final Rows ROWS = new Rows(PoolKillTest.class);

    /** One pool of each combo side by side, with two threads each; in turn with prefetch 1 and 8. */
    @Test
    @Timeout(20 * 60)
    void randomKillsLeaveEachTaskOneTrueOutcome() throws Exception {
        ROWS.playRaw("pool.kills", 2, (combo, number) -> evidence -> {
            Path folder = Launchpad.caseFolder();
            try {
                play(combo, number, folder, evidence);
            } finally {
                Launchpad.delete(folder);
            }
        });
    }

    private static void play(Combo combo, int number, Path folder, Evidence evidence) throws Exception {
        int prefetch = number % 2 == 1 ? 1 : 8;
        Collection<PoolHistory.Told> told;
        int kills;
        long ended;
        try (Dispatcher pool = Pools.builder(combo, folder)
                .workers(WORKERS)
                .prefetch(prefetch)
                .grace(Duration.ofMillis(500))
                .restarts(1_000_000, Duration.ofSeconds(1))
                .backoff(new Backoff(Duration.ofMillis(1), Duration.ofMillis(5), 0.5, Duration.ofSeconds(60)))
                .build()) {
            PoolLoad load = new PoolLoad(pool, evidence, 2, WORKERS * (prefetch + 1));
            try {
                kills = kill(pool, new Random(number), evidence);
            } finally {
                told = load.end();
            }
            ended = kills + pool.stats().restarts(RestartReason.KILLED);
        }
        PoolHistory history = PoolHistory.judge(told, PoolLedger.read(folder.resolve(Pools.LEDGER)));
        history.violations().stream().limit(20).forEach(evidence::violation);
        evidence.require(kills == KILLS, "kills=" + kills);
        evidence.require(
                history.unwritten() <= ended, "announced, not begun: " + history.unwritten() + ", ended=" + ended);
        evidence.proof("prefetch", prefetch).proof("kills", kills).proof("tasks", told.size());
        evidence.count("workers of pools killed", kills).count("tasks of pools under kills", told.size());
        evidence.count("killed between the word of the start and the first line", history.unwritten());
    }

    /** Short waits are likelier than long ones. */
    private static int kill(Dispatcher pool, Random random, Evidence evidence) throws Exception {
        long since = System.nanoTime();
        int kills = 0;
        while (kills < KILLS && System.nanoTime() - since < LIMIT_NANOS) {
            double waitMs = LEAST_MS * Math.pow((double) MOST_MS / LEAST_MS, Math.pow(random.nextDouble(), 1.3));
            LockSupport.parkNanos((long) (waitMs * 1_000_000));
            List<Long> pids = pool.workers().stream()
                    .map(WorkerSnapshot::pid)
                    .flatMap(pid -> pid.stream().boxed())
                    .filter(Linux::lives)
                    .toList();
            if (!pids.isEmpty()) {
                ProcessHandle.of(pids.get(random.nextInt(pids.size()))).ifPresent(ProcessHandle::destroyForcibly);
                kills++;
            }
        }
        return kills;
    }
}
