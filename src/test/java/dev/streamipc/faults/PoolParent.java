package dev.streamipc.faults;

import dev.streamipc.dispatch.Dispatcher;
import dev.streamipc.dispatch.ProcessDispatcher;
import dev.streamipc.dispatch.TaskOptions;
import dev.streamipc.process.Child;
import java.time.Duration;
import java.util.Arrays;

/** A parent in a JVM of its own with a full pool: all workers work, and more tasks wait. Goes on until it is killed. */
final class PoolParent {

    /** So many workers. */
    static final int WORKERS = 4;

    private static final int LONG_MS = 600_000;

    private PoolParent() {}

    /** Takes the words of a worker. */
    public static void main(String[] words) throws Exception {
        Dispatcher pool = ProcessDispatcher.builder(Child.command(Arrays.asList(words)))
                .workers(WORKERS)
                .queueCapacity(WORKERS)
                .build();
        for (int number = 1; number <= 2 * WORKERS; number++) {
            pool.call("work", String.class, TaskOptions.DEFAULT.runLimit(Duration.ofDays(1)), number, LONG_MS, 1);
        }
        while (true) {
            pool.awaitIdle(Duration.ofDays(1));
        }
    }
}
