package dev.streamipc.faults;

import static dev.streamipc.faults.Combo.JSON_PYTHON;
import static dev.streamipc.faults.Combo.KRYO_JAVA_PUMP;

import java.util.List;

/** Faults of the workers of a pool. */
final class PoolRows {

    private static final String GROUP = "Pools whose workers die, hang, or never come";
    private static final List<Combo> BOTH = List.of(KRYO_JAVA_PUMP, JSON_PYTHON);

    static final List<Row> ALL = List.of(
            new Row(GROUP, "pool.kills", "50 random kills of 4 workers under load", BOTH, 2, 100),
            python("pool.never-ready", "workers that never get ready", 1, 5),
            python("pool.close-at-start", "a close while a worker hangs at its start", 1, 5),
            python("pool.dies-at-start", "workers that exit at their start", 1, 5),
            python("pool.stopped-at-start", "workers that are stopped at their start", 1, 5),
            python("pool.start-task", "a start task that always fails", 1, 5),
            python("pool.start-task-second", "a start task that fails every second time", 1, 5),
            python("pool.ignores-term", "workers that ignore TERM, then close", 1, 5),
            python("pool.stopped", "SIGSTOP of a worker inside a task", 1, 5),
            python("pool.breaker", "a worker that dies until the breaker trips, and recovers", 1, 5),
            python("pool.poison", "a task that kills its workers, on a pool of one", 1, 5),
            python("pool.recycle", "workers recycled while tasks are assigned", 1, 5),
            python("pool.full", "a full queue, from 8 threads", 1, 5),
            python("pool.hundred", "100 workers", 1, 3),
            new Row(GROUP, "pool.parent-killed", "kill -9 of the parent of a full pool", BOTH, 1, 5));

    private static Row python(String id, String what, int verifyCases, int nightCases) {
        return new Row(GROUP, id, what, List.of(JSON_PYTHON), verifyCases, nightCases);
    }

    private PoolRows() {}
}
