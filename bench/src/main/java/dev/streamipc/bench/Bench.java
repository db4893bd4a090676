package dev.streamipc.bench;

import java.util.List;

/** Measures all rows, or those that a filter names, and prints them. */
public final class Bench {

    private Bench() {}

    /** Takes quick or full, and a filter. */
    public static void main(String[] words) throws Exception {
        Plan plan = Plan.of(words);
        Report report = new Report();
        List<Heat> heats = RoundTripRows.heats();
        for (Heat heat : heats) {
            heat.run(plan, report);
        }
        System.out.println();
        System.out.print(report.table());
        System.out.flush();
    }
}
