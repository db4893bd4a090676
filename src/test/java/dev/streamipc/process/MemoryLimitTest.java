package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.streamipc.message.ExitReport;
import dev.streamipc.message.StartFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class MemoryLimitTest {

    private static final long LIMIT = 64 << 20;

    @TempDir
    Path folder;

    @Test
    void limitsThatCanNotBeAreRefused() {
        for (Child child : List.of(Child.java(EchoMain.class), Child.command("cat"), Child.python("x.py"))) {
            for (long bytes : new long[] {-1, 0, 256, MemoryLimit.MIN_BYTES - 1}) {
                String text = assertThrows(IllegalArgumentException.class, () -> child.memoryLimit(bytes))
                        .getMessage();
                assertEquals(
                        "memory limit is too small, bytes=" + bytes + ", minBytes=8388608; give it in bytes", text);
            }
        }
    }

    @Test
    void limitIsPartOfWhatAChildIs() {
        needsPrlimit();
        Child cat = Child.command("cat");

        assertEquals(cat.memoryLimit(LIMIT), cat.memoryLimit(LIMIT + 1).memoryLimit(LIMIT));
        assertFalse(cat.memoryLimit(LIMIT).equals(cat));
        assertTrue(cat.memoryLimit(LIMIT).toString().contains("67108864"));
    }

    @Test
    void heapThatIsLimitedTwiceIsRefusedInEitherOrder() {
        for (String option : List.of("-Xmx1g", "-mx1g", "-XX:MaxHeapSize=1g", "-XX:MaxRAMPercentage=50")) {
            Child java = Child.java(EchoMain.class);
            String expected =
                    "the heap is limited twice, memoryLimitBytes=67108864, jvmOption=" + option + "; give one of them";

            assertEquals(
                    expected, refusal(() -> java.jvmOptions("-Da=b", option).memoryLimit(LIMIT)));
            assertEquals(expected, refusal(() -> java.memoryLimit(LIMIT).jvmOptions(option)));
        }
        Child.java(EchoMain.class).memoryLimit(LIMIT).jvmOptions("-Xms16m", "-Dx=-Xmx1g", "-XX:MaxNewSize=8m");
    }

    @Test
    void variableThatWouldWinOverTheLimitIsRefusedWithoutItsValue() {
        Child child = Child.java(EchoMain.class)
                .arguments("java.version")
                .environment("_JAVA_OPTIONS", "-Dsecret=42 -Xmx1g")
                .memoryLimit(LIMIT);

        String text = failure(child);

        assertEquals(
                "start failed: the variable _JAVA_OPTIONS sets the heap and would win over the memory limit,"
                        + " memoryLimitBytes=67108864; take it out with Child.withoutEnvironment",
                text);
    }

    @Test
    void heapOfAJavaChildHasTheLimitWhateverItsVariablesSay() throws Exception {
        Child child = Child.java(EchoMain.class)
                .arguments("maxMemory")
                .environment("JAVA_TOOL_OPTIONS", "-Xmx1g")
                .environment("JDK_JAVA_OPTIONS", "-Xmx1g")
                .memoryLimit(LIMIT);

        long heapBytes = Long.parseLong(Children.output(child).strip().replace("maxMemory=", ""));

        assertTrue(heapBytes > LIMIT / 2 && heapBytes <= LIMIT, "heapBytes=" + heapBytes);
    }

    @Test
    void javaChildOutOfMemoryEndsAndItsReportSaysWhy() throws Exception {
        Child child = Child.java(EchoMain.class).arguments("eat").memoryLimit(16 << 20);

        ExitReport report = endedAfterSaying(child, "Terminating");

        assertEquals(3, report.exitCode().orElseThrow());
        assertEquals("out of memory: Java heap space, limit=-Xmx16777216", report.guess());
    }

    @Test
    void javaChildMayGoOnWithoutMemoryIfItIsToldTo() throws Exception {
        Child child = Child.java(EchoMain.class)
                .arguments("eat")
                .memoryLimit(16 << 20)
                .jvmOptions("-XX:-ExitOnOutOfMemoryError");

        ExitReport report = endedAfterSaying(child, "OutOfMemoryError");

        assertEquals(1, report.exitCode().orElseThrow());
        assertEquals(
                "exit(1), by itself or for an uncaught error; its stderr speaks of lack of memory: Exception in thread"
                        + " \"main\" java.lang.OutOfMemoryError: Java heap space, limit=-Xmx16777216",
                report.guess());
    }

    @Test
    void limitedCommandIsTheProcessItself() throws Exception {
        needsPrlimit();
        ChildProcess child = ChildProcess.start(
                Children.sh("echo $$; read a; exec cat /proc/$$/limits").memoryLimit(LIMIT));

        assertEquals(child.process().pid(), Long.parseLong(Children.line(child)));
        child.process().getOutputStream().close();
        String limits = Children.rest(child);
        assertTrue(limits.matches("(?s).*Max address space +67108864 +67108864 +bytes.*"), limits);
        assertTrue(child.stop(Duration.ZERO));
    }

    @Test
    void limitedCommandGetsItsWordsAsTheyAre() throws Exception {
        needsPrlimit();
        Child child = Children.sh("for a; do printf '%s|' \"$a\"; done", "--as=1", "-v", "", "--", "a b")
                .memoryLimit(LIMIT)
                .directory(folder);

        assertEquals("--as=1|-v||--|a b|", Children.output(child));
    }

    @Test
    void limitedExecutableThatCanNotStartIsNamed() throws Exception {
        needsPrlimit();
        Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\n");

        String missing = failure(Child.command("./gone").directory(folder).memoryLimit(LIMIT));
        String noBit = failure(Child.command(script.toString()).memoryLimit(LIMIT));
        String notOnPath = failure(Child.command("no-such-program-here").memoryLimit(LIMIT));

        assertEquals(
                "start failed: no such executable, tried=" + folder.resolve("./gone") + ", command=[./gone]", missing);
        assertTrue(noBit.contains("may not be executed (no x bit), tried=" + script), noBit);
        assertTrue(notOnPath.contains("could not be run, executable=no-such-program-here, PATH="), notOnPath);
    }

    @Test
    void scriptThatEatsTooMuchEndsWithAReportThatSaysSo() throws Exception {
        needsPrlimit();
        Path script = Files.writeString(folder.resolve("eat.py"), "food = bytearray(1 << 30)\n");

        ExitReport report = endedAfterSaying(Child.python(script).memoryLimit(256 << 20), "MemoryError");

        assertEquals(1, report.exitCode().orElseThrow());
        assertEquals(
                "exit(1), by itself or for an uncaught error; its stderr speaks of lack of memory: MemoryError,"
                        + " limit=--as=268435456",
                report.guess());
    }

    @Test
    void systemWithoutPrlimitIsToldWhatIsMissing() {
        SearchPath empty = new SearchPath(folder.toString());

        String text = assertThrows(UnsupportedOperationException.class, () -> MemoryLimit.ofAddressSpace(LIMIT, empty))
                .getMessage();

        assertEquals(
                "a memory limit needs the program prlimit, which is not on the PATH, PATH=" + folder
                        + "; install it (package util-linux, Linux only), or start the child without a limit",
                text);
    }

    private static void needsPrlimit() {
        assumeTrue(SearchPath.ofThisJvm().first("prlimit").isPresent(), "needs prlimit");
    }

    private static String refusal(Runnable building) {
        return assertThrows(IllegalArgumentException.class, building::run).getMessage();
    }

    private static String failure(Child child) {
        return assertThrows(StartFailed.class, () -> ChildProcess.start(child)).getMessage();
    }

    private static ExitReport endedAfterSaying(Child child, String line) throws Exception {
        ChildProcess process = ChildProcess.start(child);
        process.exited().get(10, TimeUnit.SECONDS);
        Children.stderrWith(process, line);
        ExitReport report = process.report(0, 1);
        process.stop(Duration.ZERO);
        return report;
    }
}
