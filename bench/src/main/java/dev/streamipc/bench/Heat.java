package dev.streamipc.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lanes that take turns, round by round, and the rows that compare them. */
final class Heat {

    final String name;
    private final Map<String, Command> commands = new LinkedHashMap<>();
    private final List<Row> rows = new ArrayList<>();
    private final Map<String, String> failures = new HashMap<>();
    private int rounds;

    Heat(String name) {
        this.name = name;
    }

    Heat lane(String lane, Command command) {
        commands.put(lane, command);
        return this;
    }

    /** A lane that can't be had here. */
    Heat lacks(String lane, String why) {
        failures.put(lane, why);
        return this;
    }

    Heat row(Row row) {
        rows.add(row);
        return this;
    }

    /** Sets another number of rounds than the plan's, for sides that take long. */
    Heat rounds(int number) {
        rounds = number;
        return this;
    }

    /** Runs what the plan wants of it. */
    void run(Plan plan, Report report) throws InterruptedException {
        List<Row> wanted = rows.stream().filter(row -> plan.wants(row.id())).toList();
        if (wanted.isEmpty()) {
            return;
        }
        long start = System.nanoTime();
        Map<String, Lane> lanes = start(wanted, plan);
        try {
            for (int round = 0; round < (rounds == 0 ? plan.rounds() : rounds); round++) {
                round(lanes, round % 2 == 1);
            }
        } finally {
            lanes.values().forEach(Lane::close);
        }
        wanted.forEach(row -> tell(row, lanes, report));
        System.err.println("bench: " + name + ": seconds=" + (System.nanoTime() - start) / 1_000_000_000);
    }

    private Map<String, Lane> start(List<Row> wanted, Plan plan) throws InterruptedException {
        Set<String> needed = new LinkedHashSet<>();
        wanted.forEach(row -> needed.addAll(List.of(row.ours(), row.against())));
        needed.remove(Row.LIMIT);
        Map<String, Lane> lanes = new LinkedHashMap<>();
        for (String lane : needed) {
            if (failures.containsKey(lane)) {
                continue;
            }
            try {
                lanes.put(lane, new Lane(name + "." + lane, commands.get(lane), plan));
            } catch (IOException e) {
                failures.put(lane, e.getMessage());
            }
        }
        return lanes;
    }

    /** Every other round goes backwards, so that none always runs behind the same one. */
    private void round(Map<String, Lane> lanes, boolean isBackwards) throws InterruptedException {
        List<Map.Entry<String, Lane>> order = new ArrayList<>(lanes.entrySet());
        if (isBackwards) {
            Collections.reverse(order);
        }
        for (Map.Entry<String, Lane> lane : order) {
            if (failures.containsKey(lane.getKey())) {
                continue;
            }
            try {
                lane.getValue().round();
            } catch (IOException e) {
                failures.put(lane.getKey(), e.getMessage());
            }
        }
    }

    private void tell(Row row, Map<String, Lane> lanes, Report report) {
        for (String lane : List.of(row.ours(), row.against())) {
            if (failures.containsKey(lane)) {
                report.add(new Missing(row.id(), row.against(), lane + ": " + failures.get(lane)));
                return;
            }
        }
        double[] baseline = row.hasBaseline() ? lanes.get(row.against()).values() : new double[0];
        report.add(row.figure(lanes.get(row.ours()).values(), baseline));
    }
}
