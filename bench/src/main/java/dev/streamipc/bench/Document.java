package dev.streamipc.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes the figures of a kept run into docs/PERFORMANCE.md, between two marks, and draws the charts beside it. */
public final class Document {

    private static final String BEGIN = "<!-- figures: begin; bench/document writes this part -->\n";
    private static final String END = "<!-- figures: end -->\n";

    private Document() {}

    /** Takes the file of a run. */
    public static void main(String[] words) throws IOException {
        if (words.length != 1) {
            throw new IllegalArgumentException("usage: bench/document bench/results/DATE.json");
        }
        Results results = Results.read(Path.of(words[0]));
        Path docs = Path.of(Command.file("../docs")).normalize();
        for (Map.Entry<String, Chart> chart : new Charts(results).all().entrySet()) {
            Files.writeString(docs.resolve(chart.getKey()), chart.getValue().svg());
        }
        Path page = docs.resolve("PERFORMANCE.md");
        Files.writeString(
                page,
                with(
                        Files.readString(page),
                        part(results, Path.of(words[0]).getFileName().toString())));
    }

    /** The page with another middle. */
    static String with(String page, String part) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("the page has lost its marks; put them back: " + BEGIN + END);
        }
        return page.substring(0, begin + BEGIN.length()) + part + page.substring(end);
    }

    static String part(Results results, String file) {
        StringBuilder part = new StringBuilder(
                "`" + results.command() + "` on " + results.date() + " (`bench/results/" + file + "` has each round):");
        results.machine()
                .forEach((name, value) ->
                        part.append(' ').append(name).append(' ').append(value).append(';'));
        part.setCharAt(part.length() - 1, '.');
        part.append("\n\n| figure | ours | baseline | against | ratio | unit | spread of ours | target |\n");
        part.append("|---|---|---|---|---|---|---|---|\n");
        results.report().figures.forEach(figure -> part.append(line(figure)));
        results.report()
                .missing
                .forEach(row -> part.append("| `" + row.id() + "` | - | - | " + row.against()
                        + " | - | - | - | MISSING: " + row.why() + " |\n"));
        return part.toString();
    }

    private static String line(Figure figure) {
        String with = figure.word("with").isEmpty() ? "" : ", with `" + figure.word("with") + "`";
        String target = figure.word("target").replace("<=", " <= ").replace(">=", " >= ");
        String verdict =
                figure.isMissed() ? " **MISSED**" : figure.word("verdict").isEmpty() ? "" : " met";
        return "| `" + figure.id + "`" + with + " | " + Numbers.text(figure.ours) + " | "
                + Numbers.text(figure.baseline)
                + " | " + figure.against + " | " + Numbers.text(figure.ratio()) + " | " + figure.unit + " | "
                + figure.word("oursSpread") + " | " + target + verdict + " |\n";
    }
}
