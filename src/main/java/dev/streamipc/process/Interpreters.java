package dev.streamipc.process;

import dev.streamipc.message.StartFailed;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds a Python 3.8 or later, in a fixed order, and says of each candidate why it is of no use. */
final class Interpreters {

    /** With the time limit of the probe, what a machine full of broken interpreters costs at most. */
    private static final int MAX_CANDIDATES = 8;

    private static final int MAX_REMEMBERED = 64;

    /** What says where an environment of Python is: of venv and its like, and of conda and its like. */
    private static final Set<String> HOMES = Set.of("VIRTUAL_ENV", "CONDA_PREFIX");

    private static final boolean WINDOWS = File.separatorChar == '\\';
    private static final Map<Key, Path> FOUND = new ConcurrentHashMap<>();

    private record Key(Path candidate, FileTime modified) {}

    private final Map<String, String> environment;
    private final InterpreterProbe probe;

    Interpreters(Map<String, String> environment, InterpreterProbe probe) {
        this.environment = environment;
        this.probe = probe;
    }

    static Interpreters ofThisJvm() {
        return chosenBy(Map.of());
    }

    /** Returns those that this JVM sees; an environment of Python that the child is given takes the place of this JVM's. */
    static Interpreters chosenBy(Map<String, String> given) {
        return new Interpreters(chosen(System.getenv(), given), new InterpreterProbe(Duration.ofSeconds(3)));
    }

    static Map<String, String> chosen(Map<String, String> inherited, Map<String, String> given) {
        Map<String, String> homes = new HashMap<>(given);
        homes.keySet().retainAll(HOMES);
        Map<String, String> chosen = new HashMap<>(inherited);
        if (!homes.isEmpty()) {
            chosen.keySet().removeAll(HOMES);
            chosen.putAll(homes);
        }
        return chosen;
    }

    /**
     * Returns the path to launch. May run each candidate once; a candidate that works is remembered until its file
     * changes.
     */
    Path find(@Nullable Path explicit) {
        List<String> tried = new ArrayList<>();
        for (Map.Entry<Path, String> candidate : candidates(explicit, tried).entrySet()) {
            InterpreterProbe.Verdict verdict = ask(candidate.getKey());
            if (verdict.executable() != null) {
                return verdict.executable();
            }
            tried.add(candidate.getValue() + " " + candidate.getKey() + " (" + verdict.reason() + ")");
        }
        throw new StartFailed(
                "no usable Python, needed=3.8 or later, tried: " + String.join("; ", tried)
                        + "; name one with Child.interpreter",
                List.of(),
                null,
                null);
    }

    /** Maps each path to its origin, in the order in which they are tried. */
    private Map<Path, String> candidates(@Nullable Path explicit, List<String> tried) {
        Map<Path, String> candidates = new LinkedHashMap<>();
        if (explicit != null) {
            candidates.put(explicit.toAbsolutePath(), "interpreter");
            return candidates;
        }
        addHome(candidates, "VIRTUAL_ENV", WINDOWS ? "Scripts\\python.exe" : "bin/python", tried);
        addHome(candidates, "CONDA_PREFIX", WINDOWS ? "python.exe" : "bin/python", tried);
        addFromPath(candidates, "python3", tried);
        addFromPath(candidates, "python", tried);
        return candidates;
    }

    private void addHome(Map<Path, String> candidates, String variable, String below, List<String> tried) {
        String home = environment.getOrDefault(variable, "");
        if (home.isEmpty()) {
            tried.add(variable + " (not set)");
        } else {
            SearchPath.file(home, below).ifPresent(python -> candidates.putIfAbsent(python, variable));
        }
    }

    /** All of that name, not only the first: it may be the shim of a tool that has no version selected. */
    private void addFromPath(Map<Path, String> candidates, String name, List<String> tried) {
        List<Path> found = new SearchPath(environment.getOrDefault("PATH", "")).all(name);
        found.forEach(file -> addOnce(candidates, file, name + " on PATH"));
        if (found.isEmpty()) {
            tried.add(name + " on PATH (no such file)");
        }
    }

    private static void addOnce(Map<Path, String> candidates, Path file, String origin) {
        boolean known = candidates.keySet().stream().anyMatch(other -> isSameFile(other, file));
        if (!known && candidates.size() < MAX_CANDIDATES) {
            candidates.put(file, origin);
        }
    }

    private static boolean isSameFile(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            // One of them is gone: asking it will tell.
            return false;
        }
    }

    private InterpreterProbe.Verdict ask(Path candidate) {
        try {
            if (Files.isDirectory(candidate)) {
                return new InterpreterProbe.Verdict(null, "a folder: name the executable in it");
            }
            Key key = new Key(candidate, Files.getLastModifiedTime(candidate));
            Path known = FOUND.get(key);
            return known != null && Files.isExecutable(known)
                    ? new InterpreterProbe.Verdict(known, "known")
                    : remembered(key, probe.ask(candidate));
        } catch (IOException e) {
            // The Python that an environment was made from is gone, say after an upgrade.
            boolean isLink = Files.isSymbolicLink(candidate);
            return new InterpreterProbe.Verdict(null, isLink ? "a link to a file that is gone" : "no such file");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new InterpreterProbe.Verdict(null, "interrupted");
        }
    }

    private static InterpreterProbe.Verdict remembered(Key key, InterpreterProbe.Verdict verdict) {
        if (verdict.executable() != null) {
            if (FOUND.size() >= MAX_REMEMBERED) {
                FOUND.clear();
            }
            FOUND.put(key, verdict.executable());
        }
        return verdict;
    }
}
