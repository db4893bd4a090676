package dev.streamipc.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.process.OrphanWatch;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.Limits;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds that what README.md says in words, tables and links is so, and shows that a fault is seen. */
class ReadmeTest {

    private static final int MAX_LINES = 200;
    private static final int TOUR_LINES = 30;
    private static final Pattern AMOUNT = Pattern.compile("([\\d,]+) ?(s|ms|KiB|MiB|)");
    private static final Pattern COORDINATES = Pattern.compile(
            "<groupId>(.+?)</groupId>\\s*<artifactId>(.+?)</artifactId>\\s*<version>(.+?)</version>", Pattern.DOTALL);
    private static final Map<String, Long> FACTORS = Map.of("s", 1_000L, "KiB", 1_024L, "MiB", 1_048_576L);

    private static final Map<String, Duration> TIMES = Map.of(
            "deadline", IpcPeer.Builder.DEFAULT_DEADLINE,
            "startLimit", IpcPeer.Builder.DEFAULT_START_LIMIT,
            "closeLimit", IpcPeer.Builder.DEFAULT_CLOSE_LIMIT,
            "orphanGrace", OrphanWatch.DEFAULT_GRACE,
            "stallLimit", IpcPeer.Builder.DEFAULT_STALL_LIMIT);

    private final Markdown readme = Markdown.of(Repository.ROOT.resolve("README.md"));

    @Test
    void readmeIsShort() {
        assertTrue(readme.lines().size() <= MAX_LINES, "lines=" + readme.lines().size());
    }

    @Test
    void theFirstLinesHoldTheWholeTour() {
        Markdown.Block tour = readme.blocks("java").get(0);

        assertEquals("Tour", tour.className());
        assertTrue(tour.lastLine() + 1 <= TOUR_LINES, "lastLine=" + tour.lastLine());
    }

    @Test
    void linksLeadSomewhere() {
        List<Markdown> documents = documents();

        assertTrue(readme.links().count() > 0);
        assertTrue(documents.size() > 4, documents::toString);
        for (Markdown document : documents) {
            assertEquals(List.of(), document.deadLinks(), document.file()::toString);
        }
    }

    @Test
    void settingsAreThoseOfTheCode() throws ReflectiveOperationException {
        assertEquals(settingsOfTheCode(), settings(readme));
    }

    @Test
    void everyTimeOfTheBuilderIsASetting() {
        Set<String> setters = Arrays.stream(IpcPeer.Builder.class.getMethods())
                .filter(method -> List.of(method.getParameterTypes()).equals(List.of(Duration.class)))
                .map(method -> method.getName())
                .collect(Collectors.toSet());

        assertEquals(TIMES.keySet(), setters);
    }

    @Test
    void failuresAreThoseOfTheFamily() {
        Set<String> family = Arrays.stream(IpcFailure.class.getPermittedSubclasses())
                .map(type -> "`" + type.getSimpleName() + "`")
                .collect(Collectors.toSet());

        assertEquals(
                family, readme.table("failure").stream().map(row -> row.get(0)).collect(Collectors.toSet()));
    }

    @Test
    void coordinatesAreThoseOfThePom() throws Exception {
        String pom = Files.readString(Repository.ROOT.resolve("pom.xml"));

        assertEquals(coordinates(pom), coordinates(readme.blocks("xml").get(0).text()));
    }

    @Test
    void faultsAreSeen(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("A.md"), """
                # A title, with `code`
                [good](A.md) [good](#a-title-with-code) [good](https://example.org/x) [bad](B.md) [bad](A.md#none)
                | setting | meaning | unit | default |
                |---|---|---|---|
                | `deadline` | none | time | 1,5 s |
                | `maxCalls` | none | calls | 2 MiB |

                | not in the table |
                """);
        Markdown planted = Markdown.of(file);

        assertEquals(List.of("B.md", "A.md#none"), planted.deadLinks());
        assertEquals(Map.of("deadline", "time 15000", "maxCalls", "calls 2097152"), settings(planted));
    }

    private static List<Markdown> documents() {
        Stream<Path> top = Stream.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
                .map(Repository.ROOT::resolve);
        Stream<Path> below = Stream.of("docs", "python", "samples")
                .flatMap(folder -> Repository.files(folder).stream())
                .filter(file -> file.toString().endsWith(".md"));
        return Stream.concat(top, below).map(Markdown::of).toList();
    }

    private static Map<String, String> settingsOfTheCode() throws ReflectiveOperationException {
        Map<String, String> settings = new TreeMap<>();
        TIMES.forEach((name, limit) -> settings.put(name, "time " + limit.toMillis()));
        for (RecordComponent limit : Limits.class.getRecordComponents()) {
            String name = limit.getName();
            String unit = name.endsWith("Bytes") ? "bytes" : name.endsWith("Calls") ? "calls" : "messages";
            settings.put(name, unit + " " + limit.getAccessor().invoke(Limits.DEFAULT));
        }
        return settings;
    }

    /** Returns unit and default of each setting; times are in milliseconds. */
    private static Map<String, String> settings(Markdown document) {
        Map<String, String> settings = new TreeMap<>();
        for (List<String> row : document.table("setting")) {
            settings.put(row.get(0).replace("`", ""), row.get(2) + " " + amount(row.get(3)));
        }
        return settings;
    }

    private static long amount(String text) {
        Matcher amount = AMOUNT.matcher(text);
        assertTrue(amount.matches(), text);
        return Long.parseLong(amount.group(1).replace(",", "")) * FACTORS.getOrDefault(amount.group(2), 1L);
    }

    private static List<String> coordinates(String xml) {
        Matcher found = COORDINATES.matcher(xml);
        assertTrue(found.find(), xml);
        return List.of(found.group(1), found.group(2), found.group(3));
    }
}
