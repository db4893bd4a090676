package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What reaches a child of each kind is, byte for byte, what was given. */
@Timeout(30)
class ArgumentsTest {

    private static final long LIMIT = 512 << 20;

    private static final String[] PLAIN = {
        "two  words",
        " around ",
        "\"double\" 'single' \\back\\",
        "'",
        "; exit 9",
        "| cat && true &",
        "$(id) `id` $HOME ${HOME} !!",
        "* ? [a-z] ~ {a,b}",
        "line\nbreak\r\n",
        "\ttab",
        "-n",
        "--",
        "-Xmx1m",
        "--version",
        "",
        "@argfile",
        "%d %s %PATH%",
        "\u0001\u007f",
        "x".repeat(100 << 10),
        ""
    };

    @TempDir
    Path folder;

    private static String[] words() {
        String word = "gr\u00fc\u00dfe \u4e16\u754c \ud83d\ude00";
        assumeTrue(WordEncoding.CHARSET.newEncoder().canEncode(word), "needs a UTF-8 locale");
        List<String> words = new ArrayList<>(List.of(PLAIN));
        words.add(word);
        return words.toArray(String[]::new);
    }

    private static List<String> hex(String[] words) {
        return Arrays.stream(words)
                .map(word -> HexFormat.of().formatHex(word.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static List<String> lines(Child child) throws Exception {
        return Children.output(child).lines().toList();
    }

    @Test
    void reachAJavaChild() throws Exception {
        String[] words = words();
        Child child = Child.java(ArgumentsMain.class).arguments(words);

        assertEquals(hex(words), lines(child));
        assertEquals(hex(words), lines(child.memoryLimit(LIMIT)));
    }

    @Test
    void reachAPythonChild() throws Exception {
        Path script = Files.writeString(
                folder.resolve("arguments.py"),
                "import os, sys\nfor word in sys.argv[1:]: print(os.fsencode(word).hex())\n");
        String[] words = words();
        Child child = Child.python(script).arguments(words);

        assertEquals(hex(words), lines(child));
        if (isLimitable()) {
            assertEquals(hex(words), lines(child.memoryLimit(LIMIT)));
        }
    }

    @Test
    void reachACommand() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "needs Linux");
        String[] words = words();
        Child child = Children.sh("cat /proc/$$/cmdline", words);
        String expected = String.join("\0", "/bin/sh", "-c", "cat /proc/$$/cmdline", "sh", String.join("\0", words));

        assertEquals(expected + "\0", Children.output(child));
        assertTrue(isLimitable() || System.getenv("CI") == null, "prlimit is missing");
        if (isLimitable()) {
            assertEquals(expected + "\0", Children.output(child.memoryLimit(LIMIT)));
        }
    }

    private static boolean isLimitable() {
        return SearchPath.ofThisJvm().first("prlimit").isPresent();
    }
}
