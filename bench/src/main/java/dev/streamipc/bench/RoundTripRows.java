package dev.streamipc.bench;

import dev.streamipc.bench.raw.RawPipe;
import dev.streamipc.bench.side.RoundTrip;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** P1 and P1b: a lone typed call after the other over stdio, beside raw bytes and the peers. */
final class RoundTripRows {

    private static final String RAW = "raw-pipe";

    private RoundTripRows() {}

    static List<Heat> heats() {
        List<Heat> heats = new ArrayList<>();
        for (Placement placement : List.of(Placement.ONECORE, Placement.SPLIT)) {
            heats.add(heat(placement));
        }
        return heats;
    }

    private static Heat heat(Placement placement) {
        String at = placement.suffix();
        boolean isOneCore = placement == Placement.ONECORE;
        Heat heat = new Heat("roundtrip" + at);
        lane(heat, RAW, placement, Command.ours(RawPipe.class, "roundtrip"));
        lane(heat, "reader", placement, Command.ours(RoundTrip.class, "inline"));
        lane(heat, "executor", placement, Command.ours(RoundTrip.class, "executor"));
        heat.row(Row.of("P1.reader" + at, "reader", RAW, "us").target(Target.ratioAtMost(isOneCore ? 2.1 : 1.3)));
        heat.row(Row.of("P1.executor" + at, "executor", RAW, "us").target(Target.ratioAtMost(isOneCore ? 3.2 : 1.4)));
        lane(heat, "lowlatency", placement, Command.ours(RoundTrip.class, "lowlatency"));
        heat.row(Row.of("P1b" + at, "lowlatency", RAW, "us")
                .target(Target.ratioAtMost(isOneCore ? 1.3 : 0.3))
                .with("lowLatency"));
        peers(heat, placement);
        return heat;
    }

    private static void peers(Heat heat, Placement placement) {
        lane(heat, "LSP4J", placement, Command.peer("dev.streamipc.bench.peer.Lsp4j", "roundtrip"));
        lane(heat, "gRPC", placement, Command.peer("dev.streamipc.bench.peer.Grpc", "roundtrip"));
        lane(heat, "Appose", placement, Command.peer("dev.streamipc.bench.peer.Appose"));
        lane(heat, "Node", placement, Command.of("node", Command.file("peers/node-ipc.js"), "roundtrip"));
        lane(heat, "multiprocessing", placement, Command.of(Python.program(), Command.file("peers/piped.py")));
        for (String peer : List.of("LSP4J", "gRPC", "Appose", "Node", "multiprocessing")) {
            String id = "P1.peer." + peer.toLowerCase(Locale.ROOT) + placement.suffix();
            heat.row(Row.of(id, "reader", peer, "us"));
        }
    }

    private static void lane(Heat heat, String lane, Placement placement, Command command) {
        String hindrance = placement.hindrance();
        if (hindrance == null) {
            heat.lane(lane, command.placed(placement));
        } else {
            heat.lacks(lane, hindrance);
        }
    }
}
