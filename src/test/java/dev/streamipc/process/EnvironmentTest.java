package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EnvironmentTest {

    private static final int SECRETS = 30;

    /** What an interpreter sets for itself, whoever starts it. */
    private static final Set<String> OF_PYTHON = Set.of("LC_CTYPE", "__CF_USER_TEXT_ENCODING");

    @TempDir
    Path folder;

    @Test
    void childrenWithAnAllowListSeeNoneOfThirtySecrets() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/environ")), "needs Linux");
        Path script = Files.writeString(
                folder.resolve("environment.py"),
                "import os\nfor name, value in sorted(os.environ.items()): print(name + '=' + value)\n");
        Child parent = Child.java(EnvironmentMain.class)
                .arguments(script.toString())
                .inheritOnly("PATH")
                .environment("LANG", "C.UTF-8");
        for (int i = 0; i < SECRETS; i++) {
            parent = parent.environment("SECRET_" + i, "hidden-" + i);
        }

        List<String> lines = Children.output(parent).lines().toList();

        assertEquals(
                SECRETS,
                lines.stream().filter(line -> line.startsWith("all: SECRET_")).count());
        Map<String, Set<String>> names = namesByKind(lines);
        assertEquals(Set.of("ADDED", "LANG", "PATH"), names.get("command"));
        assertEquals(Set.of("ADDED", "LANG", "PATH"), names.get("java"));
        names.get("python").removeAll(OF_PYTHON);
        assertEquals(Set.of("ADDED", "LANG", "PATH", "PYTHONPATH"), names.get("python"));
        assertTrue(lines.stream().filter(line -> line.contains("hidden-")).allMatch(line -> line.startsWith("all: ")));
    }

    private static Map<String, Set<String>> namesByKind(List<String> lines) {
        return lines.stream()
                .collect(Collectors.groupingBy(
                        line -> line.substring(0, line.indexOf(':')),
                        Collectors.mapping(
                                line -> line.substring(line.indexOf(' ') + 1, line.indexOf('=')),
                                Collectors.toCollection(TreeSet::new))));
    }
}
