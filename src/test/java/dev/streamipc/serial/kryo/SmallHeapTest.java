package dev.streamipc.serial.kryo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What claims gigabytes, or nests without end, is refused within 64 MiB and on a stack of 256 KiB. */
final class SmallHeapTest {

    private static final Pattern RESULT =
            Pattern.compile("maxMemory=(\\d+) refused=(\\d+) accepted=(\\d+)\nstill works\n");

    @Test
    void hostileSizesAndDepthsFitIntoASmallHeap() throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeapMain.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .directory(new File("").getAbsoluteFile())
                .start();

        String printed = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertTrue(jvm.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, jvm.exitValue(), printed);
        Matcher result = RESULT.matcher(printed);
        assertTrue(result.matches(), printed);
        assertTrue(Integer.parseInt(result.group(1)) <= 64, printed);
        List<Integer> counts = List.of(Integer.parseInt(result.group(2)), Integer.parseInt(result.group(3)));
        assertTrue(counts.get(0) > 1_500 && counts.get(0) > counts.get(1), printed);
    }
}
