package dev.streamipc.sample.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** One run of the command that users type. Closing it ends what is left of it, by pid. */
final class ShowRun implements AutoCloseable {

    static final Path HOME = Path.of("samples/dispatch").toAbsolutePath();
    private static final Path CLASS_PATH = Path.of("target/samples/dispatch/classpath");
    private static final int LIMIT_SECONDS = 90;

    private final Process process;
    private final Path out;
    private final Path err;

    private ShowRun(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Builds the sample, with the class path of this JVM, so that no Maven runs inside this one. */
    static void prepare() throws IOException, InterruptedException {
        Files.createDirectories(CLASS_PATH.getParent());
        Files.writeString(
                CLASS_PATH,
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> entry.endsWith(".jar"))
                        .collect(Collectors.joining(File.pathSeparator)));
        try (ShowRun run = start("--help")) {
            if (run.status() != 0 || !run.stdout().equals(Arguments.USAGE + "\n")) {
                throw new AssertionError(run.stderr());
            }
        }
    }

    static ShowRun start(Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(HOME.resolve("run").toString()));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        return startCommand(command);
    }

    static ShowRun startCommand(List<String> command) throws IOException {
        Path out = Files.createTempFile("streamipc-test-", ".out");
        Path err = Files.createTempFile("streamipc-test-", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("TERM", "xterm");
        builder.environment().remove("NO_COLOR");
        return new ShowRun(builder.start(), out, err);
    }

    /** Waits for the end and returns the status. */
    int status() throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, SECONDS)) {
            throw new AssertionError("did not end: limitSeconds=" + LIMIT_SECONDS + ", stderr=" + stderr());
        }
        return process.exitValue();
    }

    String stdout() {
        return read(out);
    }

    String stderr() {
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
