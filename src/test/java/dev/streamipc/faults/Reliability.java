package dev.streamipc.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the document of the matrix from the lines alone. */
final class Reliability {

    private static final String HEAD = """
            # Reliability

            What became of calls when processes were killed and bytes were damaged. The tests write this file from the lines
            that they record, nobody does by hand: `mvn verify -Pnight` runs all cases and writes it anew.

            A case counts only with the proof that its fault happened. A violation is: a case without that, a call with no
            outcome or with two, one that is said to be NOT_EXECUTED and was executed, one whose failure or certainty does
            not fit the phase, a thread, a process, a descriptor or a temporary file that is left behind. A cell is the number of
            cases that were run; `expected/run` adds up the row.

            The child is told by serializer, language, and how it drives its session: with `start` and a reader thread, or
            with `serve`, as a pump. `fake` is the test itself in the place of the other side. The parent is a JVM; in a column
            `of-python` it is a Python program. They talk over stdio, or as the column says over a Unix domain socket (`socket`) or
            shared memory (`memory`); in a column `low-latency` callers on both sides look for their answers themselves.
            """;

    private final List<Map<String, Object>> lines;
    private final Profile profile;
    private final StringBuilder text = new StringBuilder(HEAD);

    private Reliability(List<Map<String, Object>> lines, Profile profile) {
        this.lines = lines;
        this.profile = profile;
    }

    /** Returns the document; the lines are of one profile, and perhaps of several feature versions of Java. */
    static String document(List<Map<String, Object>> lines, Profile profile) {
        Reliability document = new Reliability(lines, profile);
        for (int jdk : document.versions()) {
            document.version(jdk);
        }
        return document.text.toString();
    }

    private Set<Integer> versions() {
        return lines.stream().map(line -> (Integer) line.get("jdk")).collect(Collectors.toCollection(TreeSet::new));
    }

    private void version(int jdk) {
        List<Map<String, Object>> own =
                lines.stream().filter(line -> line.get("jdk").equals(jdk)).toList();
        Tally tally = Tally.of(own);
        text.append("\n## Java ").append(jdk).append("\n");
        machine(own);
        figures(tally);
        Plan.rows().stream().map(Row::group).distinct().forEach(group -> group(group, tally));
    }

    private void machine(List<Map<String, Object>> own) {
        table(List.of("run", ""));
        cells(List.of("date", day(own.get(0)) + " to " + day(own.get(own.size() - 1))));
        cells(List.of("profile", profile.label()));
        List<Map<String, Object>> machines =
                own.stream().filter(line -> line.containsKey("machine")).toList();
        for (String fact : List.of("machine", "cores", "memoryMiB", "java", "command")) {
            cells(List.of(
                    fact,
                    machines.stream()
                            .map(line -> String.valueOf(line.get(fact)))
                            .distinct()
                            .collect(Collectors.joining("; "))));
        }
    }

    private static String day(Map<String, Object> line) {
        return Lines.at(line).toString().substring(0, 10);
    }

    private void figures(Tally tally) {
        Map<String, List<String>> figures = new LinkedHashMap<>(CaseFigures.of(tally.cases()));
        tally.figures()
                .forEach((name, line) -> figures.put(
                        name, List.of(String.valueOf(line.get("value")), String.valueOf(line.get("unit")))));
        table(List.of("figure", "value", "unit"));
        figures.forEach((name, value) -> cells(List.of(name, value.get(0), value.get(1))));
    }

    private void group(String group, Tally tally) {
        List<Row> rows =
                Plan.rows().stream().filter(row -> row.group().equals(group)).toList();
        List<Combo> columns = Arrays.stream(Combo.values())
                .filter(combo -> rows.stream().anyMatch(row -> row.combos().contains(combo)))
                .toList();
        text.append("\n### ").append(group).append("\n");
        List<String> head = new ArrayList<>(List.of("row"));
        columns.forEach(combo -> head.add(combo.label()));
        head.addAll(List.of("expected/run", "proof sample", "violations"));
        table(head);
        rows.forEach(row -> row(row, columns, tally));
    }

    private void row(Row row, List<Combo> columns, Tally tally) {
        List<String> cells = new ArrayList<>(List.of("`" + row.id() + "`: " + row.what()));
        for (Combo combo : columns) {
            cells.add(row.combos().contains(combo) ? Integer.toString(tally.run(row, combo)) : "");
        }
        cells.add(row.allCases(profile) + "/" + tally.run(row));
        cells.add(tally.proof(row).entrySet().stream()
                .map(fact -> fact.getKey() + "=" + fact.getValue())
                .collect(Collectors.joining(", ")));
        cells.add(Integer.toString(tally.violations(row).size()));
        cells(cells);
    }

    private void table(List<String> head) {
        text.append("\n");
        cells(head);
        cells(Stream.generate(() -> "---").limit(head.size()).toList());
    }

    private void cells(List<String> cells) {
        text.append("| ");
        text.append(cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ")));
        text.append(" |\n");
    }
}
