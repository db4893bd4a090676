package dev.streamipc.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** One run of a command that users type, its output in files. Closing it ends what is left of it, by pid. */
public final class SampleRun implements AutoCloseable {

    private static final int LIMIT_SECONDS = 90;
    private static final Set<String> PREPARED = new HashSet<>();

    private final Process process;
    private final Path out;
    private final Path err;

    private SampleRun(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Builds a sample, once; spares it the search for its class path, so that no Maven runs inside this one. */
    public static synchronized void prepare(String sample) throws IOException, InterruptedException {
        if (!PREPARED.add(sample)) {
            return;
        }
        Path classPath = Path.of("target/samples", sample, "classpath");
        Files.createDirectories(classPath.getParent());
        Files.writeString(
                classPath,
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> entry.endsWith(".jar"))
                        .collect(Collectors.joining(File.pathSeparator)));
        try (SampleRun run = start(Path.of("samples", sample).toAbsolutePath(), Map.of(), "--help")) {
            if (run.status() != 0) {
                throw new AssertionError(run.stderr());
            }
        }
    }

    /** Starts the script {@code run} of a sample. */
    public static SampleRun start(Path home, Map<String, String> environment, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(home.resolve("run").toString()));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        return startCommand(environment, command);
    }

    /** Starts any command, in the root folder; an empty value takes a name out of the environment. */
    public static SampleRun startCommand(Map<String, String> environment, List<String> command) throws IOException {
        Path out = Files.createTempFile("streamipc-test-", ".out");
        Path err = Files.createTempFile("streamipc-test-", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        builder.environment().values().removeIf(String::isEmpty);
        return new SampleRun(builder.start(), out, err);
    }

    public Process process() {
        return process;
    }

    /** Waits for the end and returns the status. */
    public int status() throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, SECONDS)) {
            throw new AssertionError("did not end: limitSeconds=" + LIMIT_SECONDS + ", stderr=" + stderr());
        }
        return process.exitValue();
    }

    public String stdout() {
        return read(out);
    }

    public String stderr() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> left = process.descendants().toList();
        process.destroyForcibly();
        left.forEach(ProcessHandle::destroyForcibly);
        Files.delete(out);
        Files.delete(err);
    }
}
