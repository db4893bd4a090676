package dev.streamipc.sample.dispatch;

import dev.streamipc.dispatch.DispatcherStats;
import dev.streamipc.dispatch.RestartReason;
import dev.streamipc.dispatch.WorkerSnapshot;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The pools as they were at one moment.
 *
 * @param seconds since the start
 * @param pools in the order in which they are shown
 */
record View(double seconds, List<Pool> pools) {

    /**
     * One pool.
     *
     * @param done how many of its jobs have ended
     * @param jobs how many there are in all
     * @param perSecond how many ended a second lately
     * @param queued how many tasks wait for a worker
     * @param restarts how many workers were replaced, or started again, why
     */
    record Pool(
            String name,
            int done,
            int jobs,
            double perSecond,
            int queued,
            Map<RestartReason, Long> restarts,
            List<Worker> workers) {

        static Pool of(Jobs jobs, double perSecond) {
            DispatcherStats stats = jobs.pool().stats();
            return new Pool(
                    jobs.name(),
                    jobs.done(),
                    jobs.total(),
                    perSecond,
                    stats.queued(),
                    new TreeMap<>(stats.restarts()),
                    jobs.pool().workers().stream().map(Worker::of).toList());
        }
    }

    /**
     * One worker.
     *
     * @param task what it runs; empty if it has nothing to do
     * @param settled how many tasks it has ended
     * @param starts how often it was started
     */
    record Worker(String name, String state, OptionalLong pid, String task, long settled, long starts) {

        static Worker of(WorkerSnapshot worker) {
            return new Worker(
                    worker.name(),
                    worker.state().name(),
                    worker.pid(),
                    worker.task().orElse(""),
                    worker.settled(),
                    worker.starts());
        }
    }
}
