package dev.streamipc.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Figures that follow from the cases themselves: how fast calls ended, and what was counted. */
final class CaseFigures {

    private CaseFigures() {}

    /** Returns value and unit by name. */
    static Map<String, List<String>> of(List<Case> cases) {
        Map<String, List<String>> figures = new LinkedHashMap<>();
        times(cases).forEach((name, millis) -> {
            figures.put(name + ", cases", List.of(Integer.toString(millis.size()), "cases"));
            figures.put(name + ", p50", List.of(percentile(millis, 50), "ms"));
            figures.put(name + ", p99", List.of(percentile(millis, 99), "ms"));
            figures.put(name + ", max", List.of(percentile(millis, 100), "ms"));
        });
        sums(cases).forEach((name, sum) -> figures.put(name, List.of(Long.toString(sum), "count")));
        return figures;
    }

    private static Map<String, List<Double>> times(List<Case> cases) {
        Map<String, List<Double>> times = new TreeMap<>();
        cases.forEach(each -> each.timesMs()
                .forEach((name, ms) ->
                        times.computeIfAbsent(name, none -> new ArrayList<>()).add(((Number) ms).doubleValue())));
        times.values().forEach(Collections::sort);
        return times;
    }

    private static String percentile(List<Double> sorted, int percent) {
        int index = Math.max(0, (int) Math.ceil(sorted.size() * percent / 100.0) - 1);
        return String.format(Locale.ROOT, "%.1f", sorted.get(index));
    }

    private static Map<String, Long> sums(List<Case> cases) {
        Map<String, Long> sums = new TreeMap<>();
        cases.forEach(each ->
                each.counts().forEach((name, number) -> sums.merge(name, ((Number) number).longValue(), Long::sum)));
        return sums;
    }
}
