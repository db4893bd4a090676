package dev.streamipc.faults;

import dev.streamipc.process.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * From where the processes of the matrix start: commands by combo, with a mark by which all of them can be found. For the
 * tests' own JVM alone: another one that named this class would pack and archive all classes once more.
 */
final class Launchpad {

    /** In the environment of each process that this JVM starts, and of all that those start. */
    static final String MARK_NAME = "STREAMIPC_FAULTS";

    static final String MARK = UUID.randomUUID().toString();

    private static final Path FOLDER = temporaryFolder();
    private static final Jvms JVMS = Jvms.in(FOLDER);
    static final String PYTHON = interpreter();

    private Launchpad() {}

    private static Path temporaryFolder() {
        try {
            Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
            Path folder = Files.createTempDirectory(target, "faults-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the PATH names may be a slow script before the interpreter. */
    private static String interpreter() {
        try {
            Process python =
                    new ProcessBuilder("python3", "-c", "import sys; sys.stdout.write(sys.executable)").start();
            return new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a folder for one case. */
    static Path caseFolder() throws IOException {
        return Files.createTempDirectory(FOLDER, "case-");
    }

    static void delete(Path folder) {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the words that run a main class in a JVM. */
    static List<String> jvm(Class<?> main, List<String> options, String... arguments) {
        return JVMS.command(main, options, arguments);
    }

    /** Returns the words that run a child of a combo, which stands still at a point. Python: without the slow site. */
    static List<String> words(Combo combo, Path folder, String at, String... jvmOptions) {
        if (combo.child().equals("python")) {
            return List.of(PYTHON, "-S", script("child.py"), "serve", folder.toString(), at);
        }
        return jvm(
                FaultChild.class,
                List.of(jvmOptions),
                combo.drive() + (combo.isLowLatency() ? Combo.LOW_LATENCY : ""),
                folder.toString(),
                at);
    }

    /** Returns the words that run a Python parent. */
    static List<String> pythonParent(String... arguments) {
        return Stream.concat(Stream.of(PYTHON, "-S", script("parent.py")), Stream.of(arguments))
                .toList();
    }

    /** Returns what the processes find in their environment besides what this JVM has. */
    static Map<String, String> environment() {
        return Map.of(
                MARK_NAME,
                MARK,
                "PYTHONPATH",
                Path.of("python/src").toAbsolutePath().toString(),
                "PYTHONPYCACHEPREFIX",
                FOLDER.resolve("pycache").toString(),
                // else each child compiles all that it imports, as nothing stands behind the prefix yet
                "PYTHONDONTWRITEBYTECODE",
                "");
    }

    static Child child(List<String> words, Path folder) {
        Child child = Child.command(words).directory(folder).name("fault");
        for (Map.Entry<String, String> variable : environment().entrySet()) {
            child = child.environment(variable.getKey(), variable.getValue());
        }
        return child;
    }

    /** Returns the child with the mark by which it and its own children are found. */
    static Child marked(Child child) {
        return child.environment(MARK_NAME, MARK);
    }

    static ProcessBuilder builder(List<String> words, Path folder) {
        ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
        builder.environment().putAll(environment());
        return builder;
    }

    private static String script(String name) {
        try {
            return Path.of(Launchpad.class.getResource("/faults/" + name).toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
