package dev.streamipc.sample;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.streamipc.channel.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private static final Pattern READY = Pattern.compile("^(\\S+) says: ready, pid=(\\d+)$", Pattern.MULTILINE);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SampleRun run;

    private MasterRun(SampleRun run) {
        this.run = run;
    }

    static void prepare() throws IOException, InterruptedException {
        SampleRun.prepare("master-slave");
    }

    static MasterRun start(Object... arguments) throws IOException {
        return new MasterRun(SampleRun.start(HOME, Map.of(), arguments));
    }

    static MasterRun startCommand(List<String> command) throws IOException {
        return new MasterRun(SampleRun.startCommand(Map.of(), command));
    }

    ProcessHandle master() {
        return run.process().toHandle();
    }

    int status() throws InterruptedException {
        return run.status();
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
        return output().lines().toList();
    }

    /** Returns stdout as it is. */
    String output() {
        return run.stdout();
    }

    String stderr() {
        return run.stderr();
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
        return run.process().children().filter(slave -> isAmid(slave, file)).findFirst();
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

    @Override
    public void close() throws IOException {
        run.close();
    }
}
