package dev.streamipc.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** What the command line asks for. */
final class Arguments {

    /** What each JVM slave has to do with, whatever the size of a file. */
    static final String SLAVE_HEAP = "-Xmx32m";

    private static final String USAGE = "usage: run [--slaves N] [--python N] [--node N] [--json] [DIR]";
    private static final int MAX_SLAVES = 64;

    private final Path home;
    private @Nullable Path root;
    private int slaves = 2;
    private int python = 1;
    private int node;
    private boolean json;
    private boolean bar;

    private Arguments(Path home) {
        this.home = home;
    }

    /** Takes the words of the command line behind the folder of this sample; exits with 2 if they make no sense. */
    static Arguments orExit(String... words) {
        try {
            Arguments arguments = new Arguments(Path.of(words[0]));
            arguments.take(new ArrayDeque<>(Arrays.asList(words).subList(1, words.length)));
            return arguments;
        } catch (IllegalArgumentException wrong) {
            System.err.println("run: " + Escapes.controls(wrong.getMessage()));
            System.exit(2);
            throw wrong;
        }
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
            } else if (root != null) {
                throw misuse("more than one DIR: second=" + word);
            } else {
                root = folder(word);
            }
        }
        if (slaves + python + node == 0) {
            throw misuse("no slave at all: slaves=0, python=0, node=0; ask for one at least");
        }
        if (root == null) {
            root = folder(home.resolve("../..").toString());
        }
    }

    private void takeOption(String word, Queue<String> words) {
        switch (word) {
            case "--slaves" -> slaves = number(word, words.poll());
            case "--python" -> python = number(word, words.poll());
            case "--node" -> node = number(word, words.poll());
            case "--json" -> json = true;
            case "--bar" -> bar = true;
            case "--help" -> help();
            case "--" -> {}
            default -> throw misuse("no such option: " + word);
        }
    }

    private static void help() {
        System.out.println(USAGE);
        System.exit(0);
    }

    private static int number(String option, @Nullable String word) {
        if (word == null || !word.matches("[0-9]{1,4}") || Integer.parseInt(word) > MAX_SLAVES) {
            throw misuse(option + " needs a number: given=" + (word == null ? "nothing" : word) + ", least=0, most="
                    + MAX_SLAVES);
        }
        return Integer.parseInt(word);
    }

    private static Path folder(String word) {
        if (word.isEmpty()) {
            throw misuse("DIR is empty");
        }
        try {
            Path root = Path.of(word).toRealPath();
            if (!Files.isDirectory(root)) {
                throw new IllegalArgumentException("DIR is not a folder: dir=" + word);
            }
            return root;
        } catch (NoSuchFileException missing) {
            throw new IllegalArgumentException("DIR does not exist: dir=" + word, missing);
        } catch (IOException | InvalidPathException closed) {
            throw new IllegalArgumentException("DIR can't be opened: dir=" + word + ", cause=" + closed, closed);
        }
    }

    int slaves() {
        return slaves;
    }

    int python() {
        return python;
    }

    int node() {
        return node;
    }

    boolean json() {
        return json;
    }

    boolean bar() {
        return bar;
    }

    Path root() {
        return Objects.requireNonNull(root);
    }

    String script(String name) {
        return home.resolve(name).toString();
    }

    /** Returns how a JVM slave is started without the help of the library. */
    List<String> slaveCommand() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(java, SLAVE_HEAP, "-cp", System.getProperty("java.class.path"), Slave.class.getName());
    }
}
