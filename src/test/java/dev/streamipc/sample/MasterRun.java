package dev.streamipc.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.streamipc.channel.Eventually;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One run of the command that users type. Closing it ends what is left of it, by pid. */
final class MasterRun implements AutoCloseable {

    static final Path HOME = Path.of("samples/master-slave").toAbsolutePath();
    private static final Path CLASS_PATH = Path.of("target/samples/master-slave/classpath");
    private static final int LIMIT_SECONDS = 60;
    private static final Pattern READY = Pattern.compile("^(\\S+) says: ready, pid=(\\d+)$", Pattern.MULTILINE);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Path out;
    private final Path err;

    private MasterRun(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Spares the command the search for its class path, so that no Maven runs inside this one. */
    static void prepare() throws IOException {
        Files.createDirectories(CLASS_PATH.getParent());
        Files.writeString(
                CLASS_PATH,
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> entry.endsWith(".jar"))
                        .collect(Collectors.joining(File.pathSeparator)));
    }

    static MasterRun start(Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(HOME.resolve("run").toString()));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        return startCommand(command);
    }

    static MasterRun startCommand(List<String> command) throws IOException {
        Path out = Files.createTempFile("streamipc-test-", ".out");
        Path err = Files.createTempFile("streamipc-test-", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectInput(new File("/dev/null"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return new MasterRun(builder.start(), out, err);
    }

    ProcessHandle master() {
        return process.toHandle();
    }

    /** Waits for the end and returns the status. */
    int status() throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, SECONDS)) {
            throw new AssertionError("did not end: limitSeconds=" + LIMIT_SECONDS + ", stderr=" + stderr());
        }
        return process.exitValue();
    }

    /** Returns the rows of {@code --json} by path, in their order. */
    Map<String, Map<String, Object>> rows() throws IOException {
        Map<String, Map<String, Object>> rows = new LinkedHashMap<>();
        for (String line : stdout()) {
            Map<String, Object> row = JSON.readValue(line, new TypeReference<>() {});
            if (rows.put((String) row.get("path"), row) != null) {
                throw new AssertionError("two rows for a file: " + line);
            }
        }
        return rows;
    }

    List<String> stdout() {
        return read(out).lines().toList();
    }

    String stderr() {
        return read(err);
    }

    String lastLine() {
        List<String> lines = stderr().lines().toList();
        return lines.get(lines.size() - 1);
    }

    /** Returns the pid of each slave that has said that it is ready, by its name. */
    Map<String, Long> slaves() {
        return READY.matcher(stderr())
                .results()
                .collect(Collectors.toMap(said -> said.group(1), MasterRun::pid, (first, again) -> first));
    }

    /** Waits until a slave is amid a file and stops it there, as a debugger would; returns the slave. */
    ProcessHandle stopAmid(Path file) throws Exception {
        ProcessHandle slave = awaitReader(file);
        ProcFiles.signal("STOP", slave);
        if (!isAmid(slave, file)) {
            throw new AssertionError("too short for this machine: " + file);
        }
        return slave;
    }

    /** Waits until a slave is amid a file; returns the slave. */
    ProcessHandle awaitReader(Path file) throws Exception {
        AtomicReference<ProcessHandle> slave = new AtomicReference<>();
        Eventually.await("a slave is amid " + file, () -> {
            slave.set(reader(file).orElse(null));
            return slave.get() != null;
        });
        return slave.get();
    }

    private Optional<ProcessHandle> reader(Path file) {
        return process.children().filter(slave -> isAmid(slave, file)).findFirst();
    }

    private static boolean isAmid(ProcessHandle slave, Path file) {
        try {
            long position = ProcFiles.position(slave.pid(), file);
            return position > 0 && position < Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long pid(MatchResult said) {
        return Long.parseLong(said.group(2));
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
