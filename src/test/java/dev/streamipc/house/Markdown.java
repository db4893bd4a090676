package dev.streamipc.house;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Markdown file of the repository, as far as the tests ask: fenced blocks, tables, links. */
record Markdown(Path file, List<String> lines) {

    private static final String FENCE = "```";
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");
    private static final Pattern FILE_CLASS = Pattern.compile("(?m)^(?:public )?(?:final )?class (\\w+)");
    private static final Pattern NAMED = Pattern.compile("\\A# (\\w+\\.py)\n");
    private static final Pattern PUBLIC_CLASS = Pattern.compile("(?m)^public (?:final )?class (\\w+)");

    /**
     * A fenced block.
     *
     * @param line number of its first line of text
     */
    record Block(Path document, int line, String language, String text) {

        /** A Java block is a file if a class begins at its margin; else it is the body of a method. */
        boolean isFile() {
            return FILE_CLASS.matcher(text).find();
        }

        /** A program is a file whose public class has a main method. */
        boolean isProgram() {
            Matcher main = PUBLIC_CLASS.matcher(text);
            return main.find() && text.substring(main.end()).contains("    public static void main(String[] args)");
        }

        /** Returns the name of the file that the first line says, behind a {@code #}, if it does. */
        Optional<String> fileName() {
            return NAMED.matcher(text).results().map(found -> found.group(1)).findFirst();
        }

        /** Returns the name of the public class, else of the first. */
        String className() {
            return Stream.of(PUBLIC_CLASS, FILE_CLASS)
                    .flatMap(pattern -> pattern.matcher(text).results())
                    .map(found -> found.group(1))
                    .findFirst()
                    .orElseThrow();
        }

        int lastLine() {
            return line + (int) text.lines().count() - 1;
        }

        @Override
        public String toString() {
            return Repository.ROOT.relativize(document) + ":" + line;
        }
    }

    static Markdown of(Path file) {
        return new Markdown(file, Repository.lines(file));
    }

    List<Block> blocks(String language) {
        return blocks().stream()
                .filter(block -> block.language().equals(language))
                .toList();
    }

    /** Returns the text of the block that stands right behind this one, if it shows what a program prints. */
    Optional<String> outputOf(Block program) {
        int behind = program.lastLine() + 2;
        return blocks("text").stream()
                .filter(block -> block.line() - 1 == behind)
                .map(Block::text)
                .findFirst();
    }

    private List<Block> blocks() {
        List<Block> found = new ArrayList<>();
        int open = -1;
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).startsWith(FENCE)) {
                continue;
            }
            if (open >= 0) {
                String language = lines.get(open).substring(FENCE.length()).strip();
                String text = String.join("\n", lines.subList(open + 1, i)) + "\n";
                found.add(new Block(file, open + 2, language, text));
            }
            open = open < 0 ? i : -1;
        }
        return found;
    }

    /** Returns the rows, each a list of cells, of the table whose first column has this head; none if there is none. */
    List<List<String>> table(String firstHead) {
        return lines.stream()
                .dropWhile(line -> !line.startsWith("| " + firstHead + " |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                        .map(String::strip)
                        .toList())
                .toList();
    }

    /** Returns the links to files and headings of the repository that lead nowhere. */
    List<String> deadLinks() {
        return links().filter(link -> !leadsSomewhere(link)).toList();
    }

    Stream<String> links() {
        return lines.stream()
                .flatMap(line -> LINK.matcher(line).results())
                .map((MatchResult found) -> found.group(1))
                .filter(link -> !ELSEWHERE.matcher(link).matches());
    }

    private boolean leadsSomewhere(String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? file : file.resolveSibling(parts[0]);
        return Files.exists(target) && (parts.length == 1 || of(target).hasHeading(parts[1]));
    }

    private boolean hasHeading(String anchor) {
        return lines.stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
                .map(title -> title.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
                .anyMatch(anchor::equals);
    }
}
