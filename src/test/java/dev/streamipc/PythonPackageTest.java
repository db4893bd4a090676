package dev.streamipc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Python package is built without a network, to the same bytes everywhere. */
class PythonPackageTest {

    private static final Path PYTHON = Path.of("python").toAbsolutePath();
    private static final List<String> BESIDE_THE_SOURCES =
            List.of("python/LICENSE", "python/README.md", "python/pyproject.toml", "python/streamipc_build.py");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final boolean CI = "true".equals(System.getenv("CI"));

    @TempDir
    Path folder;

    @Test
    void everyInterpreterBuildsTheSameWheel() throws IOException {
        List<Interpreter> found = Interpreter.found();
        byte[] first = wheel(found.get(0));

        for (Interpreter python : found) {
            assertArrayEquals(first, wheel(python), python::toString);
        }
    }

    private byte[] wheel(Interpreter python) throws IOException {
        String build = "import sys, streamipc_build; sys.stdout.write(streamipc_build.build_wheel(sys.argv[1]))";
        List<String> command = List.of(python.executable(), "-Bc", build, folder.toString());

        Outcome outcome = Outcome.of(LIMIT, PYTHON, Map.of(), command);

        assertEquals(0, outcome.exitCode(), outcome::output);
        return Files.readAllBytes(folder.resolve(outcome.output()));
    }

    @Test
    void pipInstallsItFromAFreshCopyWithoutANetwork() throws IOException {
        String python = Interpreter.onPath("python3").orElseThrow().toString();
        boolean hasPip = run(python, "-m", "pip", "--version").exitCode() == 0;
        assertTrue(hasPip || !CI, "pip is missing, and CI checks everything: install python3-pip");
        assumeTrue(hasPip, "pip is not installed");
        copySources();

        Outcome installed =
                run(python, "-m", "pip", "install", "--no-index", "--no-cache-dir", "--target", "here", "./python");
        Outcome doctor = run(python, "-m", "streamipc", "doctor");

        assertEquals(0, installed.exitCode(), installed::output);
        assertEquals(0, doctor.exitCode(), doctor::output);
        assertTrue(doctor.output().contains(" in " + folder.resolve("here/streamipc")), doctor::output);
    }

    private Outcome run(String... command) throws IOException {
        Map<String, String> environment =
                Map.of("PYTHONPATH", folder.resolve("here").toString());
        return Outcome.of(LIMIT, folder, environment, List.of(command));
    }

    private void copySources() throws IOException {
        for (String file : BESIDE_THE_SOURCES) {
            copy(Path.of(file));
        }
        try (Stream<Path> sources = Files.list(Path.of("python/src/streamipc"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                copy(source);
            }
        }
    }

    private void copy(Path file) throws IOException {
        Path to = folder.resolve(file);
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
    }
}
