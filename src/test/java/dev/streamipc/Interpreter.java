package dev.streamipc;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Python of this machine that the package supports.
 *
 * @param executable the program itself, not a script that chooses one
 * @param kind such as cpython or pypy
 * @param minor of version 3
 */
record Interpreter(String executable, String kind, int minor) {

    private static final int OLDEST_MINOR = 8;
    private static final int MAIN_MINOR = 11;
    private static final Duration LOOK_LIMIT = Duration.ofSeconds(20);
    private static final String LOOK =
            "import os, sys; print(os.path.realpath(sys.executable), sys.implementation.name,"
                    + " sys.version_info[0], sys.version_info[1])";
    private static final Pattern SEEN = Pattern.compile("(\\S.*) (\\w+) 3 (\\d+)\\s*");
    private static final Pattern NAME = Pattern.compile("(python|pypy)3(\\.\\d+)?");

    /** Returns each supported interpreter once; the one that the {@code PATH} names first, if it is supported. */
    static List<Interpreter> found() throws IOException {
        Map<String, Interpreter> found = new LinkedHashMap<>();
        for (Path candidate : candidates()) {
            look(candidate).ifPresent(python -> found.putIfAbsent(python.executable(), python));
        }
        return List.copyOf(found.values());
    }

    /** Says what a machine lacks on which everything is checked: Python 3.11 and another one; empty if nothing. */
    static String lackOf(List<Interpreter> found) {
        List<Interpreter> main = found.stream().filter(Interpreter::isMain).toList();
        if (main.isEmpty()) {
            return "python 3." + MAIN_MINOR + " is missing: found=" + found;
        }
        return found.stream().allMatch(Interpreter::isMain) ? "another python is missing: found=" + found : "";
    }

    static Optional<Path> onPath(String program) {
        return folders()
                .map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public String toString() {
        return kind + " 3." + minor + " (" + executable + ")";
    }

    private boolean isMain() {
        return minor == MAIN_MINOR && kind.equals("cpython");
    }

    private static Stream<Path> folders() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator)).map(Path::of);
    }

    private static List<Path> candidates() throws IOException {
        List<Path> candidates = new ArrayList<>();
        onPath("python3").ifPresent(candidates::add);
        candidates.add(Path.of("/usr/bin/python3"));
        for (Path folder : folders().toList()) {
            candidates.addAll(below(folder).filter(Interpreter::isNamedSo).toList());
        }
        Path versions = Path.of(System.getProperty("user.home"), ".pyenv", "versions");
        below(versions).map(version -> version.resolve("bin/python")).forEach(candidates::add);
        candidates.removeIf(candidate -> !Files.isExecutable(candidate));
        return candidates;
    }

    private static boolean isNamedSo(Path file) {
        return NAME.matcher(file.getFileName().toString()).matches();
    }

    private static Stream<Path> below(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList().stream();
        }
    }

    private static Optional<Interpreter> look(Path candidate) {
        try {
            Outcome outcome = Outcome.of(LOOK_LIMIT, Path.of("."), Map.of(), List.of(candidate.toString(), "-c", LOOK));
            Matcher seen = SEEN.matcher(outcome.output());
            return outcome.exitCode() == 0 && seen.matches()
                    ? Optional.of(new Interpreter(seen.group(1), seen.group(2), Integer.parseInt(seen.group(3))))
                            .filter(python -> python.minor() >= OLDEST_MINOR)
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("a Python did not start: path=" + candidate, e);
        }
    }
}
