package dev.streamipc.bench.raw;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a bare JVM with the class path of this one. */
public final class Jvm {

    private Jvm() {}

    /** Runs the class with the collector that children of this library get. */
    public static Process start(Class<?> main, String... arguments) throws IOException {
        return start(List.of("-XX:+UseSerialGC"), main, arguments);
    }

    /** Runs the class with the options. */
    public static Process start(List<String> options, Class<?> main, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        words.addAll(options);
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        words.addAll(List.of(arguments));
        return new ProcessBuilder(words).redirectError(Redirect.INHERIT).start();
    }
}
