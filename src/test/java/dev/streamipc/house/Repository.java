package dev.streamipc.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The files that people write, below the folder in which Maven runs the tests. */
final class Repository {

    static final Path ROOT = Path.of("").toAbsolutePath();
    private static final Set<String> MADE_BY_TOOLS = Set.of("target", "__pycache__", ".git", ".idea", ".mypy_cache");

    private Repository() {}

    static List<Path> javaFiles(String... folders) {
        return Stream.of(folders)
                .flatMap(folder -> files(folder).stream())
                .filter(file -> file.toString().endsWith(".java"))
                .toList();
    }

    /** Returns the text files below a folder; none if the folder is not there. */
    static List<Path> files(String folder) {
        Path start = ROOT.resolve(folder);
        if (!Files.exists(start)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(start)) {
            return found.filter(Files::isRegularFile)
                    .filter(Repository::isWritten)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException("not readable as text: file=" + file, e);
        }
    }

    private static boolean isWritten(Path file) {
        for (Path part : ROOT.relativize(file)) {
            if (MADE_BY_TOOLS.contains(part.toString())) {
                return false;
            }
        }
        return true;
    }
}
