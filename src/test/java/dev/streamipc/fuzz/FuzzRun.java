package dev.streamipc.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.faults.Matrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Not among the tests of a build: {@code mvn -Pfuzz test}. Each target has to find its planted fault before it counts. */
class FuzzRun {

    private static final long PLANTED_SECONDS = 60;
    private static final long SECONDS = Long.getLong("streamipc.fuzz.seconds", 60);
    private static final int JOBS = Integer.getInteger("streamipc.fuzz.jobs", 1);
    private static final String ONLY = System.getProperty("streamipc.fuzz.target", "");
    private static final int MOST_OUTPUT_CHARS = 20_000;

    @TempDir
    private Path scratch;

    @Test
    void everyTargetFindsItsPlantedFaultAndNothingElse() throws Exception {
        Matrix matrix = Matrix.of(FuzzRun.class);
        List<Callable<String>> runs = Stream.of(Target.values())
                .filter(target -> ONLY.isEmpty() || target.label().equals(ONLY))
                .<Callable<String>>map(target -> () -> fuzz(target, matrix))
                .toList();
        List<String> findings = new ArrayList<>();

        for (Future<String> run : inParallel(runs)) {
            findings.add(run.get());
        }

        assertTrue(findings.size() > 0, "no such target: " + ONLY);
        assertEquals(
                List.of(), findings.stream().filter(text -> !text.isEmpty()).toList());
    }

    private static List<Future<String>> inParallel(List<Callable<String>> runs) throws InterruptedException {
        ExecutorService jobs = Executors.newFixedThreadPool(JOBS);
        try {
            return jobs.invokeAll(runs);
        } finally {
            jobs.shutdownNow();
        }
    }

    /** Returns what was found, empty if nothing was. */
    private String fuzz(Target target, Matrix matrix) throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        Fuzzing.Result planted =
                new Fuzzing(target, scratch.resolve(target.label())).planted().run(PLANTED_SECONDS);
        long plantedSeconds = (System.nanoTime() - startNanos) / 1_000_000_000;
        if (!planted.found()) {
            return target + " does not find the fault planted for it: " + end(planted.output());
        }
        Fuzzing.Result sound = new Fuzzing(target, Path.of("target", "fuzz", target.label())).run(SECONDS);
        String name = "fuzzing " + target.label() + ": ";
        matrix.figure(name + "planted fault found after", plantedSeconds, "s");
        matrix.figure(name + "time", SECONDS, "s");
        matrix.figure(name + "inputs", sound.executions(), "inputs");
        matrix.figure(name + "covered", sound.edges(), "edges");
        matrix.figure(name + "findings", sound.exitCode() == 0 ? 0 : 1, "findings");
        return sound.exitCode() == 0 ? "" : target + " finds: " + end(sound.output());
    }

    private static String end(String output) {
        return output.substring(Math.max(0, output.length() - MOST_OUTPUT_CHARS));
    }
}
