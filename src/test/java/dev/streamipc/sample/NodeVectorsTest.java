package dev.streamipc.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The wire in JavaScript is held to the golden vectors, and stays small. */
@Timeout(60)
class NodeVectorsTest {

    private static final Path HOME = Path.of("samples/node-child");
    private static final Path VECTORS = Path.of("src/test/resources/wire");
    private static final int MAX_LINES = 299;

    @TempDir
    Path folder;

    @BeforeAll
    static void needsNode() throws Exception {
        NodeProgram.require();
    }

    @Test
    void goldenVectorsPass() throws Exception {
        Process process = run(VECTORS);
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertEquals(0, process.waitFor(), output);
        assertTrue(output.matches("frames=\\d{2,}\nstreams=\\d{3,}\ngood=\\d{2,}\nbad=\\d{3,}\n"), output);
    }

    @Test
    void rulesOfTheProtocolAreKept() throws Exception {
        Process process = run("src/test/resources/node/rules.js");
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertEquals(0, process.waitFor(), output);
        assertTrue(output.matches("cases=[1-9]\\d+\n"), output);
    }

    @Test
    void aVectorThatDoesNotHoldIsNamed() throws Exception {
        for (String name : List.of("frames.json", "streams.json", "json.json")) {
            String vectors = Files.readString(VECTORS.resolve(name));
            Files.writeString(
                    folder.resolve(name), vectors.replaceFirst("(\"name\": \"ready.*)\"flags\": 1", "$1\"flags\": 0"));
        }

        Process process = run(folder);
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertEquals(1, process.waitFor(), output);
        assertTrue(output.contains("frames: ready with a reader: "), output);
    }

    @Test
    void filesAreShort() throws IOException {
        try (Stream<Path> files = Files.list(HOME)) {
            List<Path> scripts =
                    files.filter(file -> file.toString().endsWith(".js")).toList();

            assertFalse(scripts.isEmpty());
            for (Path script : scripts) {
                assertTrue(Files.readAllLines(script).size() <= MAX_LINES, script::toString);
            }
        }
    }

    private static Process run(Path vectors) throws IOException {
        return run(HOME.resolve("vectors.js").toString(), vectors.toString());
    }

    private static Process run(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(NodeProgram.NAME));
        command.addAll(List.of(words));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
