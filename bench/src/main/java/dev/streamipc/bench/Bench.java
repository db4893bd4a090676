package dev.streamipc.bench;

import java.util.List;
import java.util.stream.Stream;

/** Measures all rows, or those that a filter names, prints them, and keeps them. */
public final class Bench {

    private Bench() {}

    /** Takes quick or full, and a filter. */
    public static void main(String[] words) throws Exception {
        Plan plan = Plan.of(words);
        Report report = new Report();
        for (Heat heat : heats()) {
            heat.run(plan, report);
        }
        for (PassedRows rows : PassedRows.all(plan)) {
            rows.run(plan, report);
        }
        System.out.println();
        System.out.print(report.table());
        System.out.flush();
        System.err.println("bench: kept in " + Results.of(plan, report).write());
    }

    private static List<Heat> heats() {
        return Stream.of(
                        RoundTripRows.heats(),
                        PipelinedRows.heats(),
                        AttachmentRows.heats(),
                        MemoryRows.heats(),
                        PoolRows.heats(),
                        StartRows.heats(),
                        CostRows.heats(),
                        ScaleRows.heats())
                .flatMap(List::stream)
                .toList();
    }
}
