package dev.streamipc.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** The charts of the documents, by file name: ours beside the peers. */
final class Charts {

    private final Results results;
    private final String note;

    Charts(Results results) {
        this.results = results;
        this.note = results.date() + ", " + results.machine().getOrDefault("processor", "") + ", "
                + results.machine().getOrDefault("cores", "?") + " cores, Java "
                + results.machine().getOrDefault("jdk", "?").replaceAll(".* ", "") + ": " + results.command() + ".";
    }

    Map<String, Chart> all() {
        Map<String, Chart> charts = new LinkedHashMap<>();
        charts.put("performance-roundtrip.svg", roundTrip());
        charts.put("performance-pipelined.svg", pipelined());
        charts.put("performance-pool.svg", pool());
        charts.values().removeIf(Chart::isEmpty);
        return charts;
    }

    private Chart roundTrip() {
        Chart chart = new Chart("A lone call there and back, median; less is better", note, true);
        for (String at : new String[] {"onecore", "split"}) {
            String where = at.equals("onecore") ? ", one core" : ", a core each";
            ours(chart, "stream-ipc, lowLatency()" + where, "P1b." + at);
            ours(chart, "stream-ipc" + where, "P1.reader." + at);
            theirs(chart, "raw bytes over a pipe" + where, "P1.reader." + at);
            theirs(chart, "multiprocessing.Pipe" + where, "P1.peer.multiprocessing." + at);
            theirs(chart, "Node IPC" + where, "P1.peer.node." + at);
            theirs(chart, "LSP4J" + where, "P1.peer.lsp4j." + at);
            theirs(chart, "gRPC, Unix socket" + where, "P1.peer.grpc." + at);
            theirs(chart, "Appose, Groovy" + where, "P1.peer.appose." + at);
        }
        return chart;
    }

    private Chart pipelined() {
        Chart chart = new Chart("Requests a second over stdio, 256 open; more is better", note, false);
        ours(chart, "stream-ipc", "P2.lsp4j");
        theirs(chart, "Node IPC", "P2.node");
        theirs(chart, "LSP4J", "P2.lsp4j");
        return chart;
    }

    private Chart pool() {
        Chart chart = new Chart("No-op tasks a second on two workers; more is better", note, true);
        ours(chart, "JVM workers, prefetch 64", "P6.jvm.prefetch64");
        ours(chart, "JVM workers", "P6.jvm.prefetch1");
        ours(chart, "Python workers, prefetch 64", "P7.python.prefetch64");
        ours(chart, "Python workers", "P7.python.prefetch1");
        theirs(chart, "ProcessPoolExecutor(2)", "P6.jvm.prefetch1");
        return chart;
    }

    private void ours(Chart chart, String label, String id) {
        results.report().find(id).ifPresent(figure -> chart.bar(label, figure.ours, figure.unit, true));
    }

    private void theirs(Chart chart, String label, String id) {
        results.report().find(id).ifPresent(figure -> chart.bar(label, figure.baseline, figure.unit, false));
    }
}
