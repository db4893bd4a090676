package dev.streamipc.sample.dispatch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** What the command line asks for. */
final class Arguments {

    static final String USAGE = "usage: run [--watch] [--workers N] [--pictures N] [--out OUT] [DIR]";
    private static final int MAX_WORKERS = 64;
    private static final int MAX_PICTURES = 9_999;

    private final Path home;
    private @Nullable Path pictures;
    private @Nullable Path out;
    private int workers = 2;
    private int drawn = 40;
    private boolean isDrawnSet;
    private boolean watch;
    private Optional<Screen.Size> screen = Optional.empty();

    private Arguments(Path home) {
        this.home = home;
    }

    /** Takes the words of the command line behind the folder of this sample; exits with 2 if they make no sense. */
    static Arguments orExit(String... words) {
        try {
            return of(words);
        } catch (IllegalArgumentException wrong) {
            System.err.println("run: " + Screen.plain(String.valueOf(wrong.getMessage())));
            System.exit(2);
            throw wrong;
        }
    }

    static Arguments of(String... words) {
        Arguments arguments = new Arguments(Path.of(words[0]));
        arguments.take(new ArrayDeque<>(List.of(words).subList(1, words.length)));
        arguments.check();
        return arguments;
    }

    private static IllegalArgumentException misuse(String what) {
        return new IllegalArgumentException(what + "; " + USAGE);
    }

    private void take(Queue<String> words) {
        boolean isOption = true;
        while (!words.isEmpty()) {
            String word = words.remove();
            if (isOption && word.startsWith("-")) {
                isOption = !word.equals("--");
                takeOption(word, words);
            } else if (pictures != null) {
                throw misuse("more than one DIR: second=" + word);
            } else {
                pictures = folder(word);
            }
        }
    }

    private void takeOption(String word, Queue<String> words) {
        switch (word) {
            case "--watch" -> watch = true;
            case "--workers" -> workers = number(word, words.poll(), MAX_WORKERS);
            case "--pictures" -> {
                drawn = number(word, words.poll(), MAX_PICTURES);
                isDrawnSet = true;
            }
            case "--out" -> out = outFolder(words.poll());
            case "--screen" -> screen = Optional.of(size(words.poll()));
            case "--help" -> help();
            case "--" -> {}
            default -> throw misuse("no such option: " + word);
        }
    }

    private void check() {
        if (pictures != null && isDrawnSet) {
            throw misuse("--pictures says how many to draw, and DIR has some: dir=" + pictures);
        }
        Path results = Objects.requireNonNullElse(out, Path.of(System.getProperty("java.io.tmpdir")));
        if (pictures != null && real(results).startsWith(pictures)) {
            throw misuse("OUT is in DIR, which is only read: out=" + results + ", dir=" + pictures);
        }
    }

    private static void help() {
        System.out.println(USAGE);
        System.exit(0);
    }

    private static Screen.Size size(@Nullable String rowsAndColumns) {
        if (rowsAndColumns == null || !rowsAndColumns.matches("[0-9]{1,5} [0-9]{1,5}")) {
            throw misuse("--screen is for the command itself");
        }
        List<Integer> two =
                Arrays.stream(rowsAndColumns.split(" ")).map(Integer::valueOf).toList();
        return two.contains(0) ? Screen.Size.USUAL : new Screen.Size(two.get(0), two.get(1));
    }

    private static int number(String option, @Nullable String word, int most) {
        if (word == null
                || !word.matches("[0-9]{1,5}")
                || Integer.parseInt(word) < 1
                || Integer.parseInt(word) > most) {
            throw misuse(
                    option + " needs a number: given=" + (word == null ? "nothing" : word) + ", least=1, most=" + most);
        }
        return Integer.parseInt(word);
    }

    private static Path folder(String word) {
        try {
            Path folder = Path.of(word).toRealPath();
            if (word.isEmpty() || !Files.isDirectory(folder)) {
                throw misuse("DIR is not a folder: dir=" + word);
            }
            if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
                throw misuse("DIR can't be opened: dir=" + word + ", cause=no permission");
            }
            return folder;
        } catch (NoSuchFileException missing) {
            throw misuse("DIR does not exist: dir=" + word);
        } catch (IOException | InvalidPathException closed) {
            throw misuse("DIR can't be opened: dir=" + word + ", cause=" + closed);
        }
    }

    private static Path outFolder(@Nullable String word) {
        if (word == null || word.isEmpty()) {
            throw misuse("--out needs a folder: given=nothing");
        }
        try {
            return Path.of(word).toAbsolutePath().normalize();
        } catch (InvalidPathException wrong) {
            throw misuse("OUT is no path: out=" + word);
        }
    }

    /** Follows the links of as much of it as there is. */
    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException missing) {
            Path parent = path.getParent();
            return parent == null ? path : real(parent).resolve(path.getFileName());
        }
    }

    /** Returns the folder of the user's pictures; empty if some are to be drawn. */
    Optional<Path> pictures() {
        return Optional.ofNullable(pictures);
    }

    /** Returns where results go; empty for a new folder among the temporary ones. */
    Optional<Path> out() {
        return Optional.ofNullable(out);
    }

    int workers() {
        return workers;
    }

    int drawn() {
        return drawn;
    }

    boolean watch() {
        return watch;
    }

    /** Returns the size of the terminal; empty if stdout is none that takes ANSI. */
    Optional<Screen.Size> screen() {
        return screen;
    }

    String script(String name) {
        return home.resolve(name).toString();
    }
}
