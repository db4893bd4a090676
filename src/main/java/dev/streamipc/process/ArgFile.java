package dev.streamipc.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The file behind a {@code java @file} argument. Every word is quoted: inside double quotes a backslash escapes, and
 * neither blanks nor {@code #} mean anything ("The java Command", section on argument files).
 */
final class ArgFile {

    private ArgFile() {}

    /** Writes the words into a private temporary file, in the encoding in which words reach a process. */
    static Path write(List<String> words) throws IOException {
        Path file = TempFiles.file("arguments");
        try {
            return Files.write(file, content(words).getBytes(WordEncoding.CHARSET));
        } catch (IOException e) {
            TempFiles.delete(file);
            throw e;
        }
    }

    static String content(List<String> words) {
        return words.stream().map(ArgFile::quoted).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String quoted(String word) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < word.length(); i++) {
            text.append(escaped(word.charAt(i)));
        }
        return text.append('"').toString();
    }

    private static String escaped(char c) {
        return switch (c) {
            case '\\' -> "\\\\";
            case '"' -> "\\\"";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\f' -> "\\f";
            default -> String.valueOf(c);
        };
    }
}
