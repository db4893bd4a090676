package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.ExitReport;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.StartFailed;
import dev.streamipc.process.Child;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which a start fails: it says why, and leaves nothing behind. */
@Timeout(60)
class SpawnFailureTest {

    private static final int ROUNDS = 3;
    private static final int TWO_MEBIBYTES = 2 << 20;

    @TempDir
    Path folder;

    private final IpcPeer peer = IpcPeer.builder()
            .messages(Samples.ALL)
            .closeLimit(Duration.ofMillis(500))
            .build();

    /** A child that can't be started, what its failure says, and what its cause is; null for none. */
    private record Fault(Child child, String says, Class<?> cause) {}

    private List<Fault> faults;

    @BeforeEach
    void prepare() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs Linux");
        Path noBit = Files.writeString(folder.resolve("no-bit"), "#!/bin/sh\n");
        Path noInterpreter = Files.writeString(folder.resolve("no-interpreter"), "#!/no/such/interpreter\n");
        Files.setPosixFilePermissions(noInterpreter, PosixFilePermissions.fromString("rwx------"));
        Path syntax = Files.writeString(folder.resolve("syntax.py"), "this is no Python\n");
        Child sh = Child.command("/bin/sh", "-c", "echo out of luck >&2; exit 7");
        faults = List.of(
                new Fault(Child.command("/no/such"), "no such executable, tried=/no/such", IOException.class),
                new Fault(Child.command("no-such-program"), "executable=no-such-program, PATH=", IOException.class),
                new Fault(Child.command(noBit.toString()), "(no x bit), tried=" + noBit, IOException.class),
                new Fault(Child.command(noInterpreter.toString()), "interpreter in its first line", IOException.class),
                new Fault(sh.directory(Path.of("/no/such")), "working directory is no directory, tried=/no/such", null),
                new Fault(Child.python("gone.py").directory(folder), "no such script, tried=" + folder, null),
                new Fault(Child.python(syntax).interpreter(Path.of("/bin/sh")), "not Python", null),
                new Fault(Child.java(SpawnFailureTest.class), "the class has no main method", null),
                new Fault(sh, "ended before its hello", IpcFailure.class),
                new Fault(Child.python(syntax), "ended before its hello", IpcFailure.class),
                new Fault(Child.java(ThrowingMain.class), "ended before its hello", IpcFailure.class),
                new Fault(sh.environment("LARGE", "x".repeat(TWO_MEBIBYTES)), "environmentBytes=2", IOException.class),
                new Fault(sh.arguments("x".repeat(TWO_MEBIBYTES)), "commandBytes=2", IOException.class),
                new Fault(
                        Child.command("/bin/sh", "-c", "echo waiting >&2; exec sleep 1000")
                                .startLimit(Duration.ofMillis(200)),
                        "no hello",
                        StartFailed.class));
    }

    @AfterEach
    void close() {
        peer.close();
    }

    @Test
    void everyFailureSaysWhyAndLeavesNothingBehind() throws Exception {
        faults.forEach(this::assertFails);
        Eventually.await("all is released", () -> peer.sessions().isEmpty());
        long descriptors = descriptors();
        long threads = threads();
        long children = ProcessHandle.current().children().count();

        for (int i = 0; i < ROUNDS; i++) {
            faults.forEach(this::assertFails);
        }

        Eventually.await("all is released", () -> peer.sessions().isEmpty());
        Eventually.await("descriptors are released", () -> descriptors() <= descriptors);
        Eventually.await("threads have ended", () -> threads() <= threads);
        Eventually.await(
                "children have ended", () -> ProcessHandle.current().children().count() <= children);
    }

    private void assertFails(Fault fault) {
        StartFailed failed = assertThrows(StartFailed.class, () -> peer.spawn(fault.child()));

        String text = String.valueOf(failed.getMessage());
        assertTrue(text.contains(fault.says()), text);
        assertTrue(text.length() < 30_000, "chars=" + text.length());
        assertEquals(Certainty.NOT_EXECUTED, failed.certainty());
        if (fault.cause() != null) {
            assertInstanceOf(fault.cause(), failed.getCause());
        }
        boolean ran = fault.cause() != null && IpcFailure.class.isAssignableFrom(fault.cause());
        assertEquals(ran, failed.report().isPresent());
    }

    @Test
    void childThatClosesItsStreamIsReportedWithItsEnd() {
        Child slow = Child.command("/bin/sh", "-c", "exec >&-; sleep 0.1; exit 7");

        StartFailed failed = assertThrows(StartFailed.class, () -> peer.spawn(slow));

        assertTrue(String.valueOf(failed.getMessage()).contains("ended before its hello"), failed.getMessage());
        assertEquals(7, failed.report().orElseThrow().exitCode().orElseThrow());
    }

    @Test
    void whatIsNoSessionAtAllIsToldWithTheNextStep() {
        String lives = "the child lives, but closed its stream before its hello; does it close stdout?";
        says(lives, Child.command("/bin/sh", "-c", "exec >&-; exec sleep 1000"));
        says("ended before its hello; does its main open a session?, command=[true]", Child.command("true"));
        says("ended before its hello, command=[false]", Child.command("false"));
        says("the other side sends back what it gets, as cat does", Child.command("cat"));
        says(", lastStderr=Exception in thread \"main\" java.lang.", Child.java(ThrowingMain.class));
    }

    private void says(String text, Child child) {
        StartFailed failed = assertThrows(StartFailed.class, () -> peer.spawn(child));

        assertTrue(String.valueOf(failed.getMessage()).contains(text), failed.getMessage());
    }

    @Test
    void childThatIsTooLateIsReportedWithItsStderr() {
        Child late = Child.command("/bin/sh", "-c", "echo no licence >&2; exec sleep 1000")
                .startLimit(Duration.ofSeconds(1));

        ExitReport report =
                assertThrows(StartFailed.class, () -> peer.spawn(late)).report().orElseThrow();

        assertEquals(List.of("no licence"), report.lastStderr());
        assertTrue(report.uptime().compareTo(Duration.ofSeconds(1)) >= 0, report::toString);
    }

    private static long descriptors() {
        return new File("/proc/self/fd").list().length;
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("streamipc-"))
                .count();
    }

    /** Ends before it has said anything. */
    static final class ThrowingMain {

        private ThrowingMain() {}

        public static void main(String[] arguments) {
            throw new IllegalStateException("not today");
        }
    }
}
