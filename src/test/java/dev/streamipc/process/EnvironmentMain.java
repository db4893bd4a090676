package dev.streamipc.process;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Prints its own environment; or, told a script, what a child of each kind sees that may inherit PATH and LANG alone. */
final class EnvironmentMain {

    private EnvironmentMain() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            new TreeMap<>(System.getenv()).forEach((name, value) -> System.out.println(name + "=" + value));
            return;
        }
        Map<String, Child> children = new TreeMap<>(Map.of(
                "command", Child.command("cat", "/proc/self/environ"),
                "java", Child.java(EnvironmentMain.class),
                "python", Child.python(Path.of(arguments[0]))));
        for (Map.Entry<String, Child> each : children.entrySet()) {
            print(each.getKey(), each.getValue().inheritOnly("PATH", "LANG").environment("ADDED", "1"));
        }
        print("all", Child.command("cat", "/proc/self/environ"));
    }

    private static void print(String kind, Child child) throws Exception {
        ChildProcess process = ChildProcess.start(child);
        byte[] stdout = process.process().getInputStream().readAllBytes();
        process.exited().join();
        new String(stdout, StandardCharsets.UTF_8)
                .replace('\0', '\n')
                .lines()
                .forEach(line -> System.out.println(kind + ": " + line));
    }
}
