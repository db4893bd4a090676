package dev.streamipc.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Names what got worse between two runs, beyond what both scatter. */
public final class Compare {

    private Compare() {}

    /** Takes the old file and the new one; ends with 1 if something got worse. */
    public static void main(String[] words) throws IOException {
        if (words.length != 2) {
            throw new IllegalArgumentException("usage: bench/compare OLD.json NEW.json");
        }
        List<String> worse = worse(Results.read(Path.of(words[0])), Results.read(Path.of(words[1])));
        worse.forEach(System.out::println);
        System.out.println(worse.isEmpty() ? "nothing got worse beyond the spread" : "worse: " + worse.size());
        System.exit(worse.isEmpty() ? 0 : 1);
    }

    /** A line a row that got worse, or that could be measured before and can't now. */
    static List<String> worse(Results old, Results now) {
        Map<String, Figure> after = now.report().figures.stream()
                .collect(Collectors.toMap(figure -> figure.id, Function.identity(), (first, second) -> second));
        List<String> found = new ArrayList<>();
        for (Figure before : old.report().figures) {
            Figure figure = after.get(before.id);
            if (figure == null) {
                if (now.isAbout(before.id)) {
                    found.add(before.id + ": it was measured before, and is missing now");
                }
                continue;
            }
            Span then = Span.of(before);
            Span today = Span.of(figure);
            if (today.isWorseThan(then, moreIsBetter(figure.unit))) {
                found.add(before.id + ": " + then + " before, " + today + " now, "
                        + (figure.against.equals(Row.LIMIT) ? figure.unit : "as a ratio to " + figure.against));
            }
        }
        return found;
    }

    private static boolean moreIsBetter(String unit) {
        return unit.endsWith("/s");
    }
}
