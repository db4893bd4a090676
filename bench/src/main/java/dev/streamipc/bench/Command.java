package dev.streamipc.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What runs a side.
 *
 * @param words program and arguments
 * @param environment variables beside those of this process
 */
record Command(List<String> words, Map<String, String> environment) {

    private static final String OURS = System.getProperty("bench.ours", System.getProperty("java.class.path"));
    private static final String PEERS = System.getProperty("bench.peers", "");

    /** A JVM with nothing but the library and what it needs. */
    static Command ours(Class<?> main, String... arguments) {
        return java(List.of("-cp", OURS, main.getName()), arguments);
    }

    /** A JVM with the peers. */
    static Command peer(String main, String... arguments) {
        return java(List.of("-cp", bench() + java.io.File.pathSeparator + PEERS, main), arguments);
    }

    /** A JVM with the library and the peers. */
    static Command both(String main, String... arguments) {
        return java(List.of("-cp", OURS + java.io.File.pathSeparator + PEERS, main), arguments);
    }

    private static String bench() {
        return OURS.split(java.io.File.pathSeparator)[0];
    }

    private static Command java(List<String> words, String... arguments) {
        List<String> all = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        all.addAll(words);
        all.addAll(List.of(arguments));
        return new Command(all, Map.of());
    }

    /** A program in bench/peers, or another one that the machine has. */
    static Command of(String... words) {
        return new Command(List.of(words), Map.of());
    }

    /** The path of a file of the benchmark. */
    static String file(String name) {
        return Path.of(System.getProperty("bench.home", "bench"), name).toString();
    }

    Command jvm(String... options) {
        List<String> all = new ArrayList<>(words);
        all.addAll(1, List.of(options));
        return new Command(all, environment);
    }

    Command set(String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return new Command(words, more);
    }

    Command placed(Placement placement) {
        Map<String, String> more = new HashMap<>(environment);
        more.putAll(placement.variables());
        return new Command(words, more);
    }
}
