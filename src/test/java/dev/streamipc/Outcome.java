package dev.streamipc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How a program ended that a test ran to its end, and what it printed on both streams. */
record Outcome(int exitCode, String output) {

    /**
     * Runs a program without input. Past the limit the program and what it started are killed, and the test fails with
     * what was printed so far.
     */
    static Outcome of(Duration limit, Path folder, Map<String, String> environment, List<String> command)
            throws IOException {
        Path output = Files.createTempFile("streamipc-test-", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            return ended(process, limit, output);
        } finally {
            Files.delete(output);
        }
    }

    private static Outcome ended(Process process, Duration limit, Path output) throws IOException {
        try {
            if (!process.waitFor(limit.toNanos(), NANOSECONDS)) {
                throw new AssertionError("did not end: limitMs=" + limit.toMillis() + ", output=" + read(output));
            }
            return new Outcome(process.exitValue(), read(output));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for pid=" + process.pid(), e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static String read(Path output) throws IOException {
        return new String(Files.readAllBytes(output), UTF_8);
    }
}
