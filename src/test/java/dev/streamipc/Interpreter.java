package dev.streamipc;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Python of this machine that the package supports. */
record Interpreter(String executable, int minor) {

    private static final int OLDEST_MINOR = 8;
    private static final Duration LOOK_LIMIT = Duration.ofSeconds(20);
    private static final String LOOK = "import sys; print(sys.executable, sys.version_info[0], sys.version_info[1])";
    private static final Pattern SEEN = Pattern.compile("(\\S.*) 3 (\\d+)\\s*");

    /** Returns each supported interpreter once; the one that the {@code PATH} names first, if it is supported. */
    static List<Interpreter> found() throws IOException {
        Map<String, Interpreter> found = new LinkedHashMap<>();
        for (Path candidate : candidates()) {
            look(candidate).ifPresent(python -> found.putIfAbsent(python.executable(), python));
        }
        return List.copyOf(found.values());
    }

    static List<Interpreter> firstOldestAndNewest(List<Interpreter> found) {
        Comparator<Interpreter> byAge = Comparator.comparingInt(Interpreter::minor);
        LinkedHashSet<Interpreter> chosen = new LinkedHashSet<>();
        found.stream().findFirst().ifPresent(chosen::add);
        found.stream().min(byAge).filter(oldest -> isNew(oldest, chosen)).ifPresent(chosen::add);
        found.stream().max(byAge).filter(newest -> isNew(newest, chosen)).ifPresent(chosen::add);
        return List.copyOf(chosen);
    }

    static Optional<Path> onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public String toString() {
        return "python 3." + minor + " (" + executable + ")";
    }

    private static boolean isNew(Interpreter python, LinkedHashSet<Interpreter> chosen) {
        return chosen.stream().noneMatch(other -> other.minor == python.minor);
    }

    private static List<Path> candidates() throws IOException {
        List<Path> candidates = new ArrayList<>();
        onPath("python3").ifPresent(candidates::add);
        candidates.add(Path.of("/usr/bin/python3"));
        Path versions = Path.of(System.getProperty("user.home"), ".pyenv", "versions");
        if (Files.isDirectory(versions)) {
            try (Stream<Path> installed = Files.list(versions)) {
                installed.map(version -> version.resolve("bin/python")).sorted().forEach(candidates::add);
            }
        }
        candidates.removeIf(candidate -> !Files.isExecutable(candidate));
        return candidates;
    }

    private static Optional<Interpreter> look(Path candidate) {
        try {
            Outcome outcome = Outcome.of(LOOK_LIMIT, Path.of("."), Map.of(), List.of(candidate.toString(), "-c", LOOK));
            Matcher seen = SEEN.matcher(outcome.output());
            return outcome.exitCode() == 0 && seen.matches()
                    ? Optional.of(new Interpreter(seen.group(1), Integer.parseInt(seen.group(2))))
                            .filter(python -> python.minor() >= OLDEST_MINOR)
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("a Python did not start: path=" + candidate, e);
        }
    }
}
