package dev.streamipc.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.fuzz.Target.Fault;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/** Fuzzes one target in a JVM of its own, with the sound library or with a fault planted in it. */
final class Fuzzing {

    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "streamipc");
    private static final Pattern RUNS = Pattern.compile("stat::number_of_executed_units: (\\d+)");
    private static final Pattern EDGES = Pattern.compile("cov: (\\d+) ");
    /** What the fuzzer ends with: something was thrown, memory ran out, time ran out. */
    private static final Set<Integer> FOUND = Set.of(77, 71, 70);

    /** A finding is over 5 seconds of its own time; this ends what never comes back. */
    private static final int HANG_SECONDS = 25;

    private final Target target;
    private final Path folder;
    private String classPath = System.getProperty("java.class.path");
    private boolean isPlanted;

    /** What a run came to. */
    record Result(int exitCode, long executions, long edges, String output) {

        boolean found() {
            return FOUND.contains(exitCode);
        }
    }

    /** Works in a folder that is kept: a later run goes on from its inputs. */
    Fuzzing(Target target, Path folder) throws IOException {
        this.target = target;
        this.folder = Files.createDirectories(folder);
    }

    /** Compiles a source of the library with the target's fault, to stand before the sound class on the class path. */
    Fuzzing planted() throws IOException {
        Fault fault = target.planted;
        String source = Files.readString(SOURCES.resolve(fault.file() + ".java"));
        assertTrue(source.contains(fault.sound()), "no such line any more: " + fault.sound());
        Path copy = folder.resolve(Path.of(fault.file()).getFileName() + ".java");
        Files.writeString(copy, source.replace(fault.sound(), fault.faulty()));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        String[] options = {
            "-proc:none",
            "-nowarn",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            classes.toString(),
            copy.toString()
        };
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, options), "the fault compiles");
        classPath = classes + File.pathSeparator + classPath;
        isPlanted = true;
        return this;
    }

    /** Fuzzes for so long, or until something is found. */
    Result run(long seconds) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        Process fuzzer = new ProcessBuilder(command(seconds))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            int exitCode = fuzzer.waitFor();
            String output = new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1);
            return new Result(exitCode, last(RUNS, output), last(EDGES, output), output);
        } finally {
            fuzzer.destroyForcibly();
        }
    }

    private List<String> command(long seconds) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dorg.slf4j.simpleLogger.log.dev.streamipc=off",
                "-cp",
                classPath,
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.type.getName(),
                "--instrumentation_includes=dev.streamipc." + target.floor + ".**:dev.streamipc.fuzz.**",
                "--reproducer_path=" + folder,
                // a pattern is a value like others here, with a bound of its own
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.RegexInjection",
                "-max_total_time=" + seconds,
                "-max_len=4096",
                "-timeout=" + HANG_SECONDS,
                "-rss_limit_mb=2048",
                "-print_final_stats=1",
                "-artifact_prefix=" + folder + File.separator));
        if (!target.words().isEmpty()) {
            command.add("-dict=" + dictionary());
        }
        command.add(corpus().toString());
        if (!isPlanted) {
            command.add(target.stored().toString());
        }
        return command;
    }

    private Path dictionary() throws IOException {
        List<String> lines =
                target.words().stream().map(word -> "\"" + word + "\"").toList();
        return Files.write(folder.resolve("dictionary"), lines);
    }

    private Path corpus() throws IOException {
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        int number = 0;
        for (Iterator<byte[]> seeds = target.seeds().iterator(); seeds.hasNext(); number++) {
            Files.write(corpus.resolve("seed-" + number), seeds.next());
        }
        return corpus;
    }

    private static long last(Pattern pattern, String output) {
        long found = 0;
        for (Matcher matcher = pattern.matcher(output); matcher.find(); ) {
            found = Long.parseLong(matcher.group(1));
        }
        return found;
    }
}
