package dev.streamipc.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What was run of each row by one feature version of Java, added up from the lines. */
final class Tally {

    private final Map<String, Integer> runs = new HashMap<>();
    private final Map<String, List<String>> violations = new HashMap<>();
    private final Map<String, Map<String, Object>> proofs = new HashMap<>();
    private final Map<String, Map<String, Object>> figures = new TreeMap<>();
    private final List<Case> cases = new ArrayList<>();
    private final Set<String> lookedBehind = new HashSet<>();

    /** Adds up lines of one feature version and one profile; they are in the order of time. */
    static Tally of(List<Map<String, Object>> lines) {
        Tally tally = new Tally();
        Map<String, Case> last = new HashMap<>();
        for (Case line : Case.all(lines)) {
            last.put(line.key(), line);
            // a case that was run again does not take back what it has shown before
            tally.blame(line.row(), line.violations());
        }
        last.values().forEach(tally::add);
        lines.forEach(tally::addOther);
        return tally;
    }

    private void add(Case line) {
        cases.add(line);
        runs.merge(column(line.row(), line.combo()), line.cases(), Integer::sum);
        proofs.merge(line.row(), line.proof(), (one, other) -> line.number() == 1 ? other : one);
    }

    private void addOther(Map<String, Object> line) {
        if (line.containsKey("after")) {
            lookedBehind.add(String.valueOf(line.get("after")));
            blame(String.valueOf(line.get("after")), (List<?>) line.get("violations"));
        } else if (line.containsKey("figure")) {
            figures.put(String.valueOf(line.get("figure")), line);
        }
    }

    private void blame(String row, List<?> what) {
        what.forEach(each ->
                violations.computeIfAbsent(row, none -> new ArrayList<>()).add(String.valueOf(each)));
    }

    private static String column(String row, String combo) {
        return row + " " + combo;
    }

    int run(Row row, Combo combo) {
        return runs.getOrDefault(column(row.id(), combo.label()), 0);
    }

    int run(Row row) {
        return row.combos().stream().mapToInt(combo -> run(row, combo)).sum();
    }

    List<String> violations(Row row) {
        return violations.getOrDefault(row.id(), List.of());
    }

    Map<String, Object> proof(Row row) {
        return proofs.getOrDefault(row.id(), Map.of());
    }

    /** Returns the lines of the figures that tests have recorded, by name. */
    Map<String, Map<String, Object>> figures() {
        return figures;
    }

    List<Case> cases() {
        return cases;
    }

    /** Bytes alone leave nothing. */
    private static boolean leavesSomething(Row row) {
        return !row.combos().equals(List.of(Combo.BYTES));
    }

    /** Returns what is wrong with a row, nothing if all its cases were run and none showed a violation. */
    List<String> faults(Row row, Profile profile) {
        List<String> faults = new ArrayList<>();
        for (Combo combo : row.combos()) {
            if (Columns.isChosen(combo) && run(row, combo) != row.cases(profile, combo)) {
                faults.add(row.id() + " " + combo.label() + ": expected=" + row.cases(profile, combo) + ", run="
                        + run(row, combo));
            }
        }
        if (run(row) > 0 && leavesSomething(row) && !lookedBehind.contains(row.id())) {
            faults.add(row.id() + ": nobody has looked for what it left behind");
        }
        violations(row).forEach(violation -> faults.add(row.id() + ": " + violation));
        return faults;
    }
}
