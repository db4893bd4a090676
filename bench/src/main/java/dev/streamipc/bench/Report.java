package dev.streamipc.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was measured. Each line goes out as it comes, the table at the end. */
final class Report {

    final List<Figure> figures = new ArrayList<>();
    final List<Missing> missing = new ArrayList<>();

    void add(Figure figure) {
        figures.add(figure);
        tell(figure.line());
    }

    void add(Missing row) {
        missing.add(row);
        tell(row.line());
    }

    Optional<Figure> find(String id) {
        return figures.stream().filter(figure -> figure.id.equals(id)).findFirst();
    }

    private static void tell(String line) {
        System.out.println(line);
        System.out.flush();
    }

    String table() {
        Table table = new Table("name", "ours", "baseline", "ratio", "spread", "unit", "against", "target");
        for (Figure figure : figures) {
            String with = figure.word("with").isEmpty() ? "" : " with=" + figure.word("with");
            table.line(
                    figure.id + with,
                    Numbers.text(figure.ours),
                    Numbers.text(figure.baseline),
                    Numbers.text(figure.ratio()),
                    figure.word("oursSpread"),
                    figure.unit,
                    figure.against,
                    (figure.word("target") + " " + figure.word("verdict")).strip());
        }
        for (Missing row : missing) {
            table.line(row.id(), "-", "-", "-", "-", "-", row.against(), "MISSING: " + row.why());
        }
        return table.toString();
    }
}
