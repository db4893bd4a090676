package dev.streamipc.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One measured comparison, and its line for other programs. */
final class Figure {

    static final String MARK = "METRIC ";
    private static final Pattern WORD = Pattern.compile("(\\S+?)=(\"[^\"]*\"|\\S*)");

    final String id;
    final double ours;
    final double baseline;
    final String unit;
    final String against;
    final Map<String, String> words = new LinkedHashMap<>();
    double[] oursValues = {};
    double[] baselineValues = {};

    Figure(String id, double ours, double baseline, String unit, String against) {
        this.id = id;
        this.ours = ours;
        this.baseline = baseline;
        this.unit = unit;
        this.against = against;
    }

    /** Reads the line of another program. */
    static Figure parse(String line) {
        String[] parts = line.substring(MARK.length()).split(" ", 2);
        Map<String, String> words = new LinkedHashMap<>();
        Matcher word = WORD.matcher(parts[1]);
        while (word.find()) {
            words.put(word.group(1), word.group(2).replace("\"", "").replace(" ", ""));
        }
        String verdict = line.endsWith(" met") ? "met" : line.endsWith(" MISSED") ? "MISSED" : null;
        if (verdict != null) {
            words.put("verdict", verdict);
        }
        double ours = Double.parseDouble(words.remove("ours"));
        double baseline = Double.parseDouble(words.remove("baseline"));
        words.remove("ratio");
        Figure figure = new Figure(parts[0], ours, baseline, words.remove("unit"), words.remove("against"));
        figure.words.putAll(words);
        return figure;
    }

    Figure word(String name, String value) {
        words.put(name, value);
        return this;
    }

    void values(double[] oursAll, double[] baselineAll) {
        oursValues = oursAll;
        baselineValues = baselineAll;
    }

    double ratio() {
        return ours / baseline;
    }

    String word(String name) {
        return words.getOrDefault(name, "");
    }

    boolean isMissed() {
        return word("verdict").equals("MISSED");
    }

    String line() {
        StringBuilder line = new StringBuilder(MARK + id + " ours=" + Numbers.text(ours) + " baseline="
                + Numbers.text(baseline) + " ratio=" + Numbers.text(ratio()) + " unit=" + unit + " against=" + against);
        words.forEach((name, value) -> line.append(' ').append(name).append('=').append(value));
        return line.toString();
    }
}
