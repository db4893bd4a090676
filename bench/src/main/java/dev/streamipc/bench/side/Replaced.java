package dev.streamipc.bench.side;

import dev.streamipc.dispatch.Dispatcher;
import dev.streamipc.dispatch.DispatcherStats;
import dev.streamipc.dispatch.WorkerState;
import dev.streamipc.supervise.Backoff;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** From a task that ends its worker to a pool that is whole again. The backoff is left out, which is a choice and no cost. */
public final class Replaced {

    private static final int WARM_UP = 6;
    private static final long SETTLE_NANOS = 300_000_000;
    private static final long LOOK_NANOS = 200_000;

    private Replaced() {}

    /** Takes a folder for the class archive that workers have by default, elsewhere. */
    public static void main(String[] words) throws Exception {
        Archive archive = Archive.emptied(words[0]);
        try (Dispatcher first = Noop.pool(archive).build()) {
            first.call(new Noop.Task(1)).join();
        }
        archive.await();
        try (Dispatcher pool = Noop.pool(archive)
                .backoff(Backoff.NONE)
                .restarts(1_000, Duration.ofSeconds(1))
                .build()) {
            Turns.answer(WARM_UP, () -> {
                double millis = once(pool);
                // what the new worker still does behind its READY must not slow down the next start
                LockSupport.parkNanos(SETTLE_NANOS);
                return new double[] {millis};
            });
        }
    }

    /** The restart has to be counted: right behind the crash the pool may not know yet that a worker is gone. */
    private static double once(Dispatcher pool) {
        long before = restarts(pool.stats());
        long start = System.nanoTime();
        pool.call(new Noop.Crash()).exceptionally(died -> null).join();
        DispatcherStats stats = pool.stats();
        while (restarts(stats) == before || stats.workers(WorkerState.IDLE) < Noop.WORKERS) {
            LockSupport.parkNanos(LOOK_NANOS);
            stats = pool.stats();
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private static long restarts(DispatcherStats stats) {
        return stats.restarts().values().stream().mapToLong(Long::longValue).sum();
    }
}
