package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.faults.Matrix;
import dev.streamipc.faults.Profile;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulation, and that it sees: faults planted in the library's own sources are found. */
class SimulationTest {

    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "streamipc", "session");

    private static final long SEEDS = 10_000;
    private static final long NIGHT_SEEDS = 100_000;

    @TempDir
    private Path folder;

    @Test
    void everySeedEndsWithEverythingSettled() throws Exception {
        long seeds = Profile.current() == Profile.NIGHT ? NIGHT_SEEDS : SEEDS;

        // what a run allocates is dead behind it
        List<String> options = List.of("-XX:+UseParallelGC", "-Xmn256m");
        String output = simulate(options, System.getProperty("java.class.path"), "1", Long.toString(seeds));

        assertTrue(output.contains("seeds=" + seeds + " failed=0 "), output);
        assertTrue(output.contains(" answered\n") && output.contains(" ChildDied "), output);
        Matrix matrix = Matrix.of(SimulationTest.class);
        matrix.figure("simulation: seeds", seeds, "seeds");
        matrix.figure("simulation: seeds that broke a promise", 0, "seeds");
        matrix.figure("simulation: calls and outcomes held against each other", calls(output), "calls");
    }

    private static long calls(String output) {
        return output.lines()
                .filter(line -> line.matches("\\d+ [A-Za-z ]+[A-Z_]*"))
                .mapToLong(line -> Long.parseLong(line.substring(0, line.indexOf(' '))))
                .sum();
    }

    @Test
    void runsOfASeedAreTheSameRunAndSeedsDiffer() {
        long first = SimRun.of(4_711, false).traceHash();

        assertEquals(first, SimRun.of(4_711, true).traceHash());
        assertNotEquals(first, SimRun.of(4_712, false).traceHash());
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            CallRules    | case EXPIRED, SESSION_ENDED -> END_OPEN;  | case EXPIRED, SESSION_ENDED -> ENDED_QUEUED;
            CallRules    | case HAD_LEFT -> ENDED_SENT;              | case HAD_LEFT -> ENDED_QUEUED;
            CallRules    | case STARTED -> ENTERED;                  | case STARTED -> ANSWERED;
            EndRules     | new Later(new EndEvent.InputEnded("the process exited"), DRAIN_NANOS) | new Later(new EndEvent.Quiet(), DRAIN_NANOS)
            InboundCalls | lastStartedArrival = asked.arrival;       | lastStartedArrival = asked.arrival + 1;
            Outbox       | if (!ended) {                             | if (!ended && passage.id() < 0) {
            Deadlines    | expire.run();                             | calls.size();
            Room         | return queuedBytes() >= maxBytes;         | return queuedBytes() < 0;
            WorkQueue    | request.arrival() < note.arrival()        | request.arrival() > note.arrival()
            OutboundSide | pings.end(verdict);                       | pings.isWaiting();
            EndRules     | actions.add(new Later(new EndEvent.CloseLimitUp(), closeLimitNanos)); | actions.add(new AwaitQuiet());
            """)
    void aPlantedFaultIsFoundAndItsSeedTold(String file, String sound, String faulty) throws Exception {
        Path planted = plant(file, sound, faulty);

        String classPath = planted + File.pathSeparator + System.getProperty("java.class.path");

        // short: compiled once, and fast
        List<String> options = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        String output = simulate(options, classPath, "1", "3000", "1");

        assertTrue(output.matches("(?s).*seed \\d+: \\[.*"), output);
    }

    /** Compiles a source of the library with a fault in it, to stand before the sound class on the class path. */
    private Path plant(String file, String sound, String faulty) throws IOException {
        String source = Files.readString(SOURCES.resolve(file + ".java"));
        assertTrue(source.contains(sound), "no such line any more: " + sound);
        Path copy = folder.resolve(file + ".java");
        Files.writeString(copy, source.replace(sound, faulty));
        Path classes = Files.createDirectory(folder.resolve("classes"));
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-nowarn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        copy.toString());
        assertEquals(0, result, "the planted fault compiles");
        return classes;
    }

    private String simulate(List<String> options, String classPath, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dorg.slf4j.simpleLogger.log.dev.streamipc.session=off"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, SimMain.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
