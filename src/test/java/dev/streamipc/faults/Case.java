package dev.streamipc.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A case as its line tells it.
 *
 * @param combo the label of its combo
 * @param number from 1 on, in its row and combo
 * @param cases how many cases the line stands for
 */
record Case(
        String row,
        String combo,
        int number,
        int cases,
        int jdk,
        String profile,
        String run,
        Map<String, Object> proof,
        Map<String, Object> outcomes,
        Map<String, Object> timesMs,
        Map<String, Object> counts,
        List<Object> violations) {

    /** Which case of which row. */
    record Id(String row, Combo combo, int number) {

        Map<String, Object> toJson(int cases, Evidence evidence) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("row", row);
            json.put("serializer", combo.serializer());
            json.put("parent", combo.isOfPython() ? "python" : "java");
            json.put("child", combo.child());
            json.put("drive", combo.drive());
            json.put("combo", combo.label());
            json.put("case", number);
            json.put("cases", cases);
            json.putAll(evidence.toJson(combo.timesOf()));
            return json;
        }

        @Override
        public String toString() {
            return row + " " + combo.label() + " case " + number;
        }
    }

    static String key(String row, String combo, int number) {
        return row + " " + combo + " " + number;
    }

    String key() {
        return key(row, combo, number);
    }

    /** Returns the cases among the lines, in their order; of a case that was run twice both. */
    static List<Case> all(List<Map<String, Object>> lines) {
        List<Case> cases = new ArrayList<>();
        for (Map<String, Object> line : lines) {
            if (line.containsKey("row")) {
                cases.add(of(line));
            }
        }
        return cases;
    }

    private static Case of(Map<String, Object> line) {
        return new Case(
                text(line, "row"),
                text(line, "combo"),
                (Integer) line.get("case"),
                (Integer) line.get("cases"),
                (Integer) line.get("jdk"),
                text(line, "profile"),
                text(line, "run"),
                map(line, "proof"),
                map(line, "outcomes"),
                map(line, "timesMs"),
                map(line, "counts"),
                list(line.get("violations")));
    }

    private static String text(Map<String, Object> line, String name) {
        return String.valueOf(line.get(name));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Map<String, Object> line, String name) {
        return (Map<String, Object>) line.get(name);
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object value) {
        return (List<Object>) value;
    }
}
