package dev.streamipc.bench;

import dev.streamipc.bench.raw.RawIdle;
import dev.streamipc.bench.side.Allocation;
import dev.streamipc.bench.side.IdleCpu;
import dev.streamipc.bench.side.IdleHeap;
import java.util.List;

/** P9 and P11: what a request allocates, and what a session costs that does nothing. */
final class CostRows {

    private static final int REQUEST_BYTES = 400;
    private static final double CORE_PERCENT = 0.1;
    private static final int SESSION_BYTES = 64 << 10;

    private CostRows() {}

    static List<Heat> heats() {
        Heat allocation = new Heat("allocation")
                .lane("request", Command.ours(Allocation.class, "request"))
                .lane("call", Command.ours(Allocation.class, "call"))
                .row(Row.within("P9.request", "request", REQUEST_BYTES, "B"))
                .row(Row.within("P9.call", "call", REQUEST_BYTES, "B"));
        Heat cpu = new Heat("idle.cpu")
                .rounds(3)
                .lane("session", Command.ours(IdleCpu.class, "session"))
                .lane("process", Command.ours(IdleCpu.class, "process"))
                .lane("bare-JVMs", Command.ours(RawIdle.class))
                .row(Row.within("P11.cpu", "session", CORE_PERCENT, "%core"))
                .row(Row.of("P11.cpu.process", "process", "bare-JVMs", "%core"));
        Heat heap = new Heat("idle.heap")
                .rounds(1)
                .lane("session", Command.ours(IdleHeap.class, "100"))
                .row(Row.within("P11.heap", "session", SESSION_BYTES, "B"));
        return List.of(allocation, cpu, heap);
    }
}
