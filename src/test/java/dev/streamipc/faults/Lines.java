package dev.streamipc.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A folder of files, each with a line of JSON for everything that a test class recorded in one JVM. */
final class Lines {

    /** Where lines go: the system property {@code streamipc.matrix}, else this folder below the build's. */
    static final Path FOLDER = Path.of(System.getProperty("streamipc.matrix", "target/matrix"));

    private static final ObjectMapper JSON = new ObjectMapper();

    private Lines() {}

    /** Appends a line in one write, so that a JVM that is killed leaves whole lines, but perhaps the last. */
    static void append(Path file, Map<String, ?> line) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            byte[] bytes = (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
            Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new AssertionError("a line could not be recorded: file=" + file, e);
        }
    }

    /** Returns all lines of a folder, oldest first; one that was torn by a kill is left out. */
    static List<Map<String, Object>> read(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Map<String, Object>> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".jsonl")).toList()) {
                Files.readAllLines(file).forEach(line -> parse(line, lines));
            }
        }
        lines.sort(Comparator.comparing(Lines::at));
        return lines;
    }

    /** Returns facts as the line that tells them. */
    static String text(Map<String, ?> facts) throws JsonProcessingException {
        return JSON.writeValueAsString(facts);
    }

    /** Returns the facts that a line tells. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> facts(String line) throws JsonProcessingException {
        return JSON.readValue(line, Map.class);
    }

    static Instant at(Map<String, Object> line) {
        return Instant.parse(String.valueOf(line.get("at")));
    }

    private static void parse(String line, List<Map<String, Object>> lines) {
        try {
            lines.add(facts(line));
        } catch (JsonProcessingException torn) {
            System.out.println("matrix: a torn line is left out, chars=" + line.length());
        }
    }
}
