package dev.streamipc.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams that are many times larger than the heaps at both of their ends. */
@Timeout(120)
class StreamedTest {

    private static final String HEAP_MIB = "24";
    private static final String STREAM_MIB = "192";

    @TempDir
    private static Path folder;

    @Test
    void memoryIsBoundedByThePartsAtBothEnds() throws Exception {
        List<String> classes = Jvms.in(folder).command(StreamedMain.class, List.of("-Xmx" + HEAP_MIB + "m"));
        List<Process> parents = new ArrayList<>();
        for (List<String> way : List.of(List.of("STDIO", "UP"), List.of("UNIX_SOCKET", "DOWN"))) {
            parents.add(start(classes, way));
        }
        for (Process parent : parents) {
            String said = new String(parent.getInputStream().readAllBytes());
            assertTrue(parent.waitFor(60, TimeUnit.SECONDS));
            assertTrue(said.contains("altered=false"), said);
            assertEquals(0, parent.exitValue());
        }
    }

    private static Process start(List<String> classes, List<String> way) throws IOException {
        List<String> words = new ArrayList<>(classes);
        words.addAll(way);
        words.addAll(List.of(STREAM_MIB, HEAP_MIB));
        return new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
