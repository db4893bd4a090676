package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.frame.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The line for each frame, as a user switches it on: by the level of a logger. */
@Timeout(60)
class WireTraceTest {

    private static final String LEVEL = "-Dorg.slf4j.simpleLogger.log.dev.streamipc.wire=";
    private static final Pattern LINE = Pattern.compile(
            "(?<direction>in |out) (?<session>.{20}) (?<millis>.{12}) ms (?<kind>.{9}) (?<flags>.{6}) (?<id>.{16})"
                    + " (?<bytes>.{10}) B(?<type>.*)");

    @TempDir
    private static Path folder;

    private static String stderr = "";
    private static List<Matcher> lines = List.of();

    @BeforeAll
    static void trace() throws Exception {
        stderr = run(LEVEL + "trace");
        lines = linesIn(stderr).map(WireTraceTest::match).toList();
    }

    @Test
    void eachFrameIsALineInBothDirections() {
        Set<Kind> expected = EnumSet.allOf(Kind.class);
        expected.removeIf(kind -> kind.number() >= Kind.CHUNK.number());
        Set<String> kinds =
                lines.stream().map(line -> line.group("kind").strip()).collect(Collectors.toSet());
        assertEquals(
                Stream.concat(expected.stream().map(Kind::name), Stream.of("JUNK"))
                        .collect(Collectors.toSet()),
                kinds);
        assertEquals(
                List.of(
                        "HELLO", "READY", "REQUEST", "REQUEST", "REQUEST", "CANCEL", "REPLY", "NOTIFY", "PING", "PONG",
                        "GOODBYE"),
                column("out", "kind"));
    }

    @Test
    void columnsAlignAndSayWhatTheyShould() {
        for (Matcher line : lines) {
            assertTrue(line.group("session").startsWith("session-1 "), line::group);
            assertTrue(line.group("millis").matches(" *\\d+\\.\\d{3}"), line::group);
            assertTrue(line.group("bytes").matches(" *\\d+"), line::group);
            boolean junk = line.group("kind").startsWith("JUNK");
            assertTrue(line.group("flags").matches(junk ? "-     " : "0x[0-9a-f]{4}"), line::group);
            assertTrue(line.group("id").matches(junk ? "- {15}" : "[0-9a-f]{16}"), line::group);
        }
        List<String> types =
                Arrays.asList("Samples.Ask", "Samples.Ask", "Samples.Ask", "Samples.Answer", "Samples.Note");
        assertEquals(types, named("out"));
        assertEquals(List.of("Samples.Note", "Samples.Answer", "Samples.Ask", "damaged"), named("in"));
        assertTrue(column("in", "id").contains("800000000000002a"));
    }

    private static List<String> column(String direction, String column) {
        return lines.stream()
                .filter(line -> line.group("direction").strip().equals(direction))
                .map(line -> line.group(column).strip())
                .toList();
    }

    private static List<String> named(String direction) {
        List<String> names = new ArrayList<>(column(direction, "type"));
        names.removeIf(String::isEmpty);
        return names;
    }

    @Test
    void contentIsNotShown() {
        assertFalse(stderr.contains(TracedMain.SECRET));
    }

    @Test
    void nothingIsSaidUnlessAsked() throws Exception {
        assertEquals(0, linesIn(run(LEVEL + "debug")).count());
    }

    /** Runs a JVM to its end and returns what it wrote to stderr. */
    private static String run(String option) throws Exception {
        Path file = folder.resolve("stderr.txt");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", option));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), TracedMain.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(file.toFile())
                .redirectOutput(folder.resolve("stdout.txt").toFile())
                .start();
        try {
            assertTrue(process.waitFor(40, TimeUnit.SECONDS), () -> "still running: pid=" + process.pid());
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(file);
        assertEquals(0, process.exitValue(), text);
        return text;
    }

    private static Stream<String> linesIn(String text) {
        return text.lines()
                .filter(line -> line.contains(" TRACE dev.streamipc.wire - "))
                .map(line -> line.replaceFirst(".* TRACE dev.streamipc.wire - ", ""));
    }

    private static Matcher match(String line) {
        Matcher matcher = LINE.matcher(line);
        assertTrue(matcher.matches(), line);
        return matcher;
    }
}
