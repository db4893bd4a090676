package dev.streamipc.bench;

import dev.streamipc.bench.raw.RawMemory;
import dev.streamipc.bench.side.IdleCpu;
import dev.streamipc.bench.side.SharedMemory;
import java.util.List;

/** P4: shared memory, one core each, beside Aeron and beside two processes that spin on a word. */
final class MemoryRows {

    private static final String KNOBS = "sharedMemory,lowLatency";

    private MemoryRows() {}

    static List<Heat> heats() {
        Heat hot = new Heat("memory")
                .lane("typed", Command.ours(SharedMemory.class, "hot"))
                .lane("cold", Command.ours(SharedMemory.class, "cold"))
                .lane("raw-memory", Command.ours(RawMemory.class))
                .lane(
                        "Aeron",
                        Command.peer("dev.streamipc.bench.peer.AeronIpc")
                                .jvm("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"))
                .row(Row.of("P4.hot", "typed", "Aeron", "us")
                        .target(Target.oursAtMost(0.5))
                        .with(KNOBS))
                .row(Row.of("P4.raw", "typed", "raw-memory", "us").with(KNOBS))
                .row(Row.of("P4.cold", "cold", "Aeron", "us").with(KNOBS));
        Heat idle = new Heat("memory.idle")
                .rounds(3)
                .lane("session", Command.ours(IdleCpu.class, "session", "sharedmemory"))
                .row(Row.within("P4.idle", "session", 0.1, "%core").with(KNOBS));
        return List.of(hot, idle);
    }
}
