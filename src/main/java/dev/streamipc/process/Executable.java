package dev.streamipc.process;

import dev.streamipc.message.StartFailed;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The first word of a command, and what is wrong with it. */
final class Executable {

    private Executable() {}

    /**
     * Returns the word as one that any process of this directory can start.
     *
     * @throws StartFailed if there is nothing to execute
     */
    static String found(String word, Path directory) {
        if (isBare(word)) {
            return SearchPath.ofThisJvm()
                    .first(word)
                    .orElseThrow(() -> failed(word, directory))
                    .toString();
        }
        Path file = directory.resolve(word);
        if (Files.isDirectory(file) || !Files.isExecutable(file)) {
            throw failed(word, directory);
        }
        return word;
    }

    private static StartFailed failed(String word, Path directory) {
        return new StartFailed(whyNot(word, directory, "not found"), List.of(word), null, null);
    }

    /**
     * Says why it did not start: the system's own text names neither the path that was tried nor which of two files was
     * missing.
     *
     * @param said that text
     */
    static String whyNot(String word, Path directory, String said) {
        if (isBare(word)) {
            return "the executable could not be run, executable=" + word + ", PATH="
                    + SearchPath.ofThisJvm().folders() + ", said=" + said;
        }
        Path tried = directory.resolve(word);
        if (!Files.exists(tried)) {
            return "no such executable, tried=" + tried;
        }
        if (Files.isDirectory(tried)) {
            return "the executable is a directory, tried=" + tried;
        }
        if (!Files.isExecutable(tried)) {
            return "the executable may not be executed (no x bit), tried=" + tried;
        }
        return "the executable, or the interpreter in its first line, could not be run, tried=" + tried + ", said="
                + said;
    }

    private static boolean isBare(String word) {
        return !word.contains("/") && !word.contains(File.separator);
    }
}
