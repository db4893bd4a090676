package dev.streamipc.dispatch;

import java.time.Duration;
import java.util.Map;

/**
 * What a dispatcher has done so far, and what waits in it.
 *
 * @param workers how many are in which state; no entry where there is none
 * @param queued tasks that wait for a worker
 * @param running tasks that are on a worker, or run by who handed them in
 * @param abandoned threads that could not be ended and still run what was given up; 0 where workers can be killed
 * @param accepted tasks that were taken, each of which has one outcome or will have
 * @param settled how many have ended how
 * @param requeued how often a task went from one worker to another
 * @param restarts how many workers were replaced, or started again, why
 * @param waits from the acceptance to a worker
 * @param runs on the worker
 */
public record DispatcherStats(
        Map<WorkerState, Integer> workers,
        int queued,
        int running,
        int abandoned,
        long accepted,
        Map<Outcome, Long> settled,
        long requeued,
        Map<RestartReason, Long> restarts,
        Times waits,
        Times runs) {

    /** Copies the tables. */
    public DispatcherStats {
        workers = Map.copyOf(workers);
        settled = Map.copyOf(settled);
        restarts = Map.copyOf(restarts);
    }

    /** How a task has ended. */
    public enum Outcome {
        /** With a value. */
        OK,
        /** Its handler threw. */
        FAILED,
        /** Its time was up. */
        DEADLINE,
        /** Its caller cancelled it. */
        CANCELLED,
        /** Its worker ended. */
        WORKER_DIED,
        /** It was accepted, and then refused. */
        REJECTED,
        /** Otherwise: it could not be encoded or decoded, or the dispatcher was closed. */
        OTHER
    }

    /**
     * How long something took, since the dispatcher was built, rounded up by at most an eighth.
     *
     * @param count how often
     * @param p50 half of them took no longer
     * @param p99 of 100 of them 99 took no longer
     * @param max the longest
     */
    public record Times(long count, Duration p50, Duration p99, Duration max) {}

    /**
     * Returns how many tasks ended in one way.
     *
     * @param outcome which
     * @return 0 or more
     */
    public long settled(Outcome outcome) {
        return settled.getOrDefault(outcome, 0L);
    }

    /**
     * Returns how many workers are in a state.
     *
     * @param state which
     * @return 0 or more
     */
    public int workers(WorkerState state) {
        return workers.getOrDefault(state, 0);
    }

    /**
     * Returns how many workers were replaced for a reason.
     *
     * @param reason which
     * @return 0 or more
     */
    public long restarts(RestartReason reason) {
        return restarts.getOrDefault(reason, 0L);
    }
}
