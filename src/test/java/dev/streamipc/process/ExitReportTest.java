package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.CallInFlight;
import dev.streamipc.message.ExitReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ExitReportTest {

    @TempDir
    Path folder;

    @Test
    void tellsFactsOfTheEnd() throws Exception {
        ChildProcess child = ChildProcess.start(Children.sh("echo 'disk full' >&2; read a; exit 4"));
        Children.stderrWith(child, "disk full");
        child.stop(Duration.ZERO);

        ExitReport report = child.report(7, 2);

        assertEquals(4, report.exitCode().orElseThrow());
        assertEquals(Optional.empty(), report.signal());
        assertEquals("exit(4), by itself or for an uncaught error", report.guess());
        assertEquals(7, report.messagesServed());
        assertEquals(2, report.callsInFlight());
        assertEquals(List.of("disk full"), report.lastStderr());
        assertTrue(report.pid() > 1
                && report.uptime().toMillis() < 10_000
                && !report.uptime().isZero());
    }

    @Test
    void callThatWasOpenAloneIsNamed() throws Exception {
        CallInFlight call = new CallInFlight(255, "Ask");
        ChildProcess child = ChildProcess.start(Children.sh("read a; exit 4"));
        child.nameCalls(() -> Optional.of(call));
        child.stop(Duration.ZERO);

        assertEquals(Optional.of(call), child.report(0, 1).onlyCall());
        assertTrue(child.report(0, 1).summary().contains(", callsInFlight=1, call=ff, type=Ask"));
        assertEquals(Optional.empty(), child.report(0, 2).onlyCall());
        assertFalse(child.report(0, 0).summary().contains("call=ff"));
    }

    @Test
    void summaryHasTheLineThatSaysWhatWentWrong() {
        assertEquals(
                "Caused by: java.io.IOException: x",
                lastWords(
                        "java.lang.Error: y",
                        "\tat A.b(A.java:1)",
                        "Caused by: java.io.IOException: x",
                        "\t... 3 more"));
        assertEquals(
                "Unrecognized VM option 'X'",
                lastWords(
                        "Unrecognized VM option 'X'",
                        "Error: Could not create the Java Virtual Machine.",
                        "Error: A fatal exception has occurred. Program will exit."));
        assertEquals("  indented", lastWords("first", "  indented"));
        assertEquals("\tat A.b(A.java:1)", lastWords("\tat A.b(A.java:1)"));
    }

    private static String lastWords(String... lines) {
        ExitReport report = new ExitReport(
                1, OptionalInt.of(1), Optional.empty(), "", Duration.ZERO, 0, 0, Optional.empty(), List.of(lines));
        String summary = report.summary();
        return summary.substring(summary.indexOf("lastStderr=") + "lastStderr=".length());
    }

    @Test
    void endWithCallsOpenIsToldFromAQuietOne() throws Exception {
        assertEquals("ended by itself", ended(Child.command("true"), 0).guess());
        assertEquals(
                "ended by itself with calls open",
                ended(Child.command("true"), 1).guess());
    }

    @Test
    void signalIsInferred() throws Exception {
        ExitReport killed = ended(Children.sh("kill -KILL $$"), 1);
        assertEquals("SIGKILL", killed.signal().orElseThrow());
        assertTrue(killed.guess().startsWith("killed from outside"), killed.guess());
        ExitReport hung = ended(Children.sh("kill -ALRM $$"), 1);
        assertEquals("SIGALRM", hung.signal().orElseThrow());
        assertEquals("ended by SIGALRM, or by its own exit(142)", hung.guess());
        assertEquals(
                "segmentation fault in native code",
                ended(Children.sh("kill -SEGV $$"), 0).guess());
    }

    @Test
    void childThatEndedBeforeItsTreeWasSignalledIsNotCalledEndedByThisSide() throws Exception {
        ChildProcess child =
                ChildProcess.start(Children.sh("sleep 60 > /dev/null 2>&1 < /dev/null & read a; echo bye >&2; exit 4"));
        Children.await("the tree is there", () -> child.process().descendants().count() == 1);

        assertTrue(child.stop(Duration.ZERO));

        assertEquals(
                "exit(4), by itself or for an uncaught error",
                child.report(0, 1).guess());
    }

    @Test
    void childThatNeededASignalIsCalledEndedByIt() {
        ChildProcess child = ChildProcess.start(Children.sh("exec sleep 60"));

        assertTrue(child.stop(Duration.ZERO));

        assertEquals("ended by this side with TERM", child.report(0, 1).guess());
    }

    @Test
    void numbersOfSignalsDependOnTheSystem() {
        assertEquals("SIGBUS", Signals.inferred(135, "linux").orElseThrow());
        assertEquals("SIGBUS", Signals.inferred(138, "mac os x").orElseThrow());
        assertEquals("SIGKILL", Signals.inferred(137, "mac os x").orElseThrow());
        assertEquals(Optional.empty(), Signals.inferred(137, "windows 11"));
        for (int code : new int[] {0, 1, 127, 128, 255}) {
            assertEquals(Optional.empty(), Signals.inferred(code, "linux"));
        }
    }

    @Test
    void crashLogOfAJvmIsFound() throws Exception {
        Child child = Child.java(EchoMain.class)
                .directory(folder)
                .arguments("eat")
                .jvmOptions("-Xmx16m", "-XX:+CrashOnOutOfMemoryError", "-XX:-CreateCoredumpOnCrash");

        ExitReport report = ended(child, 1);

        // 134 with a core file, and this one without
        assertEquals(1, report.exitCode().orElseThrow());
        assertEquals("the JVM crashed, log=" + folder.resolve("hs_err_pid" + report.pid() + ".log"), report.guess());
    }

    @Test
    void crashLogOfAnEarlierProcessWithTheSameNumberIsNotBlamed() throws Exception {
        ChildProcess child = ChildProcess.start(Children.sh("read a; exit 4").directory(folder));
        Path old =
                Files.createFile(folder.resolve("hs_err_pid" + child.process().pid() + ".log"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(60)));

        child.stop(Duration.ZERO);

        assertEquals(
                "exit(4), by itself or for an uncaught error",
                child.report(0, 1).guess());
    }

    @Test
    void jvmThatIsTerminatedForLackOfMemorySaysSo() throws Exception {
        Child child = Child.java(EchoMain.class).arguments("eat").jvmOptions("-Xmx16m", "-XX:+ExitOnOutOfMemoryError");

        ChildProcess process = ChildProcess.start(child);
        process.exited().get(10, TimeUnit.SECONDS);
        Children.stderrWith(process, "Terminating due to");
        process.stop(Duration.ZERO);

        assertEquals(
                "out of memory: Java heap space, limit=-Xmx16m",
                process.report(0, 1).guess());
        assertEquals(
                "exit(3), by itself or for an uncaught error",
                ended(Children.sh("exit 3"), 1).guess());
    }

    @Test
    void exitThatOnlyLooksLikeLackOfMemoryIsNotCalledSo() throws Exception {
        Child child = Child.java(EchoMain.class).arguments("exit3").jvmOptions("-XX:+ExitOnOutOfMemoryError");

        assertEquals(
                "out of memory (-XX:+ExitOnOutOfMemoryError), or by its own exit(3)",
                ended(child, 1).guess());
    }

    @Test
    void killForLackOfMemoryIsReadFromTheControlGroup() throws IOException {
        Path group = Files.createDirectories(folder.resolve("a/b"));
        Files.writeString(folder.resolve("memory.events"), "low 0\noom 4\noom_kill 3\n");

        assertEquals(OptionalLong.of(3), OutOfMemoryKills.count(List.of("0::/hidden"), folder));
        Files.writeString(group.resolve("memory.events"), "oom_kill 1\noom_group_kill 9\n");
        assertEquals(OptionalLong.of(1), OutOfMemoryKills.count(List.of("4:memory:/x", "0::/a/b"), folder));
        assertEquals(OptionalLong.empty(), OutOfMemoryKills.count(List.of("0::/"), group.resolve("none")));
    }

    @Test
    void riseOfTheKernelsCountExplainsAKill() {
        ExitAnalysis analysis = new ExitAnalysis(1, List.of(), folder, Instant.EPOCH, OptionalLong.of(3));

        assertEquals(
                "killed for lack of memory, most likely: the kernel's oom_kill count rose by 2",
                analysis.killed(OptionalLong.of(5)));
        assertEquals("killed from outside", analysis.killed(OptionalLong.of(3)));
        assertEquals(
                "killed from outside, perhaps by the kernel for lack of memory", analysis.killed(OptionalLong.empty()));
    }

    @Test
    void livingChildHasNoExitCode() {
        ChildProcess child = ChildProcess.start(Child.command("cat"));

        ExitReport report = child.report(0, 1);

        assertTrue(report.exitCode().isEmpty()
                && report.signal().isEmpty()
                && report.guess().isEmpty());
        assertFalse(child.exited().isDone());
        child.stop(Duration.ZERO);
    }

    private static ExitReport ended(Child child, int callsInFlight) throws Exception {
        ChildProcess process = ChildProcess.start(child);
        process.exited().get(10, TimeUnit.SECONDS);
        ExitReport report = process.report(0, callsInFlight);
        process.stop(Duration.ZERO);
        return report;
    }
}
