package dev.streamipc.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Adds what some columns came to, to a document that has the others: what stands there of those is kept as it is. */
final class Addition {

    private static final List<String> BEHIND_COLUMNS = List.of("expected/run", "proof sample", "violations");

    private static final Pattern SPREAD = Pattern.compile(".*, (cases|p50|p99|max)");

    private final Tables known;
    private final List<String> out = new ArrayList<>();
    private String place = "";

    private Addition(Tables known) {
        this.known = known;
    }

    /** Returns the document with the columns that these lines are of. */
    static String to(List<String> document, List<Map<String, Object>> lines, Profile profile) {
        Addition addition = new Addition(Tables.of(document));
        List<String> fresh = Reliability.document(lines, profile).lines().toList();
        Tables added = Tables.of(fresh);
        List<String> head = null;
        for (String line : fresh) {
            head = line.startsWith("|") ? head : null;
            if (head == null) {
                addition.place = Tables.placeBehind(addition.place, line);
                head = line.startsWith("|") ? Tables.cells(line) : null;
                addition.out.add(line);
            } else if (line.startsWith("| ---")) {
                addition.out.add(line);
                addition.whole(head, added);
            } else if (head.get(0).equals("row")) {
                addition.row(head, Tables.cells(line));
            }
        }
        return String.join("\n", addition.out) + "\n";
    }

    /** Tables that are not of rows are written in one. */
    private void whole(List<String> head, Tables added) {
        String first = head.get(0);
        if (first.equals("run")) {
            run(known.table(place, first), added.table(place, first));
        } else if (first.equals("figure")) {
            figures(known.table(place, first).rows(), added.table(place, first).rows());
        }
    }

    private void run(Tables.Table before, Tables.Table now) {
        now.rows().forEach((fact, cells) -> {
            String old = before.cell(fact, "");
            String more = cells.get(1);
            boolean isDate = fact.equals("date") && !old.isEmpty();
            String both = isDate
                    ? dates(old, more)
                    : old.contains(more) || old.isEmpty() ? longer(old, more) : old + "; " + more;
            out.add(Tables.line(List.of(fact, both)));
        });
    }

    private static String dates(String old, String more) {
        String end = old.substring(old.indexOf(" to ") + 4);
        String newEnd = more.substring(more.indexOf(" to ") + 4);
        return old.substring(0, old.indexOf(" to ")) + " to " + (newEnd.compareTo(end) > 0 ? newEnd : end);
    }

    private static String longer(String one, String other) {
        return one.length() > other.length() ? one : other;
    }

    /** Counts add up; a spread of times stands for itself, so that those of these columns have names of their own. */
    private void figures(Map<String, List<String>> before, Map<String, List<String>> now) {
        Map<String, List<String>> times = new TreeMap<>();
        Map<String, List<String>> counts = new TreeMap<>();
        Map<String, List<String>> others = new LinkedHashMap<>();
        boolean isBehindCounts = false;
        for (List<String> cells : before.values()) {
            boolean isCount = cells.get(2).equals("count");
            isBehindCounts |= isCount;
            Map<String, List<String>> fits = isCount ? counts : isBehindCounts ? others : times;
            fits.put(isCount || isBehindCounts ? cells.get(0) : spread(cells.get(0)), cells);
        }
        now.values().forEach(cells -> {
            if (cells.get(2).equals("count")) {
                counts.merge(cells.get(0), cells, Addition::sum);
            } else if (!SPREAD.matcher(cells.get(0)).matches()) {
                others.put(cells.get(0), cells);
            } else if (times.put(spread(cells.get(0)), cells) != null) {
                throw new AssertionError("a figure of other columns, too: name=" + cells.get(0));
            }
        });
        out.addAll(Tables.lines(times));
        out.addAll(Tables.lines(counts));
        out.addAll(Tables.lines(others));
    }

    /** Puts the four of a spread in their order. */
    private static String spread(String name) {
        int comma = name.lastIndexOf(", ");
        int number = List.of(", cases", ", p50", ", p99", ", max").indexOf(name.substring(comma));
        return name.substring(0, comma) + "\0" + number;
    }

    private static List<String> sum(List<String> one, List<String> other) {
        long sum = Long.parseLong(one.get(1)) + Long.parseLong(other.get(1));
        return List.of(one.get(0), Long.toString(sum), one.get(2));
    }

    private void row(List<String> head, List<String> cells) {
        Tables.Table before = known.table(place, head.get(0));
        String name = Tables.name(cells);
        List<String> both = new ArrayList<>(List.of(cells.get(0)));
        int columns = head.size() - BEHIND_COLUMNS.size();
        int runs = 0;
        for (int i = 1; i < columns; i++) {
            boolean isFresh = !cells.get(i).isEmpty() && !cells.get(i).equals("0");
            String cell = isFresh ? cells.get(i) : before.cell(name, head.get(i));
            both.add(cell);
            runs += cell.isEmpty() ? 0 : Integer.parseInt(cell);
        }
        String expected = cells.get(columns).substring(0, cells.get(columns).indexOf('/'));
        both.add(expected + "/" + runs);
        String proof = before.cell(name, BEHIND_COLUMNS.get(1));
        both.add(proof.isEmpty() ? cells.get(columns + 1) : proof);
        String violations = before.cell(name, BEHIND_COLUMNS.get(2));
        int all = Integer.parseInt(violations.isEmpty() ? "0" : violations) + Integer.parseInt(cells.get(columns + 2));
        both.add(Integer.toString(all));
        out.add(Tables.line(both));
    }
}
