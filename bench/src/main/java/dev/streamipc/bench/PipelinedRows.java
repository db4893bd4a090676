package dev.streamipc.bench;

import dev.streamipc.bench.side.Pipelined;
import java.util.List;

/** P2: many typed requests open at a time over stdio, and P10 with as many as a program may have. */
final class PipelinedRows {

    private static final String WINDOW = "256";
    private static final String MANY = "10000";

    private PipelinedRows() {}

    static List<Heat> heats() {
        Heat heat = new Heat("pipelined")
                .lane("inline", Command.ours(Pipelined.class, "inline", WINDOW))
                .lane("executor", Command.ours(Pipelined.class, "executor", WINDOW))
                .lane("LSP4J", Command.peer("dev.streamipc.bench.peer.Lsp4j", "pipelined", WINDOW))
                .lane("Node", Command.of("node", Command.file("peers/node-ipc.js"), "pipelined", WINDOW))
                .lane("window10000", Command.ours(Pipelined.class, "inline", MANY))
                .row(Row.of("P2.lsp4j", "inline", "LSP4J", "req/s").target(Target.ratioAtLeast(10)))
                .row(Row.of("P2.node", "inline", "Node", "req/s").target(Target.ratioAtLeast(3)))
                .row(Row.of("P2.executor.lsp4j", "executor", "LSP4J", "req/s"))
                .row(Row.of("P10.inflight", "window10000", "inline", "req/s").target(Target.ratioAtLeast(0.9)));
        return List.of(heat);
    }
}
