package dev.streamipc.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where executables are looked for.
 *
 * @param folders in the form of the variable PATH
 */
record SearchPath(String folders) {

    private static final boolean WINDOWS = File.separatorChar == '\\';
    private static final String WITHOUT_VARIABLE = "/usr/bin:/bin";

    static SearchPath ofThisJvm() {
        String variable = System.getenv("PATH");
        return new SearchPath(variable == null ? WITHOUT_VARIABLE : variable);
    }

    Optional<Path> first(String name) {
        return all(name).stream().findFirst();
    }

    /** Returns all executables of this name, in order. */
    List<Path> all(String name) {
        return Arrays.stream(folders.split(Pattern.quote(File.pathSeparator)))
                .filter(folder -> !folder.isEmpty())
                .flatMap(folder -> file(folder, WINDOWS && !name.contains(".") ? name + ".exe" : name).stream())
                .filter(file -> Files.isExecutable(file) && !Files.isDirectory(file))
                .toList();
    }

    static Optional<Path> file(String folder, String name) {
        try {
            return Optional.of(Path.of(folder, name));
        } catch (InvalidPathException e) {
            // A variable may hold anything; nothing can stand at such a place.
            return Optional.empty();
        }
    }
}
