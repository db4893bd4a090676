package dev.streamipc.bench;

import dev.streamipc.bench.side.Pool;
import dev.streamipc.bench.side.PoolHeap;
import java.util.List;

/** P6 and P7: no-op tasks on two workers beside two workers of Python's own pool. */
final class PoolRows {

    private static final String THEIRS = "ProcessPoolExecutor(2)";

    private PoolRows() {}

    static List<Heat> heats() {
        String script = Command.file("children/noop.py");
        String python = Python.program();
        Heat pools = new Heat("pools")
                .lane("jvm1", Command.ours(Pool.class, "1"))
                .lane("jvm64", Command.ours(Pool.class, "64"))
                .lane("python1", Command.ours(Pool.class, "1", script, python))
                .lane("python64", Command.ours(Pool.class, "64", script, python))
                .lane(THEIRS, Command.of(python, Command.file("peers/executor.py")))
                .row(row("P6.jvm.prefetch1", "jvm1", 2))
                .row(row("P6.jvm.prefetch64", "jvm64", 25).with("prefetch64"))
                .row(row("P7.python.prefetch1", "python1", 1.5))
                .row(row("P7.python.prefetch64", "python64", 5).with("prefetch64"));
        Heat heap = new Heat("pool.heap")
                .rounds(1)
                .lane("behind", Command.ours(PoolHeap.class, "200000"))
                .row(Row.within("dispatch.heap.200000", "behind", 1.1, "x"));
        return List.of(pools, heap);
    }

    private static Row row(String id, String ours, double times) {
        return Row.of(id, ours, THEIRS, "tasks/s").target(Target.ratioAtLeast(times));
    }
}
