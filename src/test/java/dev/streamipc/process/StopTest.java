package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(20)
class StopTest {

    private static final String IGNORE_TERM = "trap '' TERM; echo up; while :; do sleep 0.1 </dev/null; done";

    @BeforeEach
    void needsProc() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "needs Linux");
    }

    @Test
    void childThatEndsByItselfGetsNoSignal() {
        ChildProcess child = ChildProcess.start(Children.sh("read a; exit 5"));
        CompletableFuture.runAsync(() -> write(child, "go\n"));

        assertTrue(child.stop(Children.PATIENCE));

        assertEquals(5, child.process().exitValue());
        assertEquals(
                "exit(5), by itself or for an uncaught error",
                child.report(0, 0).guess());
    }

    @Test
    void childThatReadsEndsAtTheEndOfItsStdin() {
        ChildProcess child = ChildProcess.start(Child.command("cat"));
        long since = System.nanoTime();

        assertTrue(child.stop(Duration.ofMillis(50)));

        long millis = Children.millisSince(since);
        assertTrue(millis >= 45 && millis < ChildProcess.MAX_STOP.toMillis(), millis + " ms");
        assertEquals(0, child.process().exitValue());
    }

    @Test
    void childThatReadsNothingIsTerminated() {
        ChildProcess child = ChildProcess.start(Child.command("sleep", "60"));
        long since = System.nanoTime();

        assertTrue(child.stop(Duration.ZERO));

        long millis = Children.millisSince(since);
        assertTrue(millis >= 480 && millis < 2_000, millis + " ms");
        assertEquals("SIGTERM", child.report(0, 0).signal().orElseThrow());
        assertEquals("ended by this side with TERM", child.report(0, 0).guess());
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void oneThatIgnoresTermAndOneThatIsStoppedAreKilled() throws Exception {
        ChildProcess deaf = ChildProcess.start(Children.sh(IGNORE_TERM));
        assertEquals("up", Children.line(deaf));
        ChildProcess stopped = ChildProcess.start(Children.sh("echo up; exec cat"));
        assertEquals("up", Children.line(stopped));
        Process stop = new ProcessBuilder(
                        "kill", "-STOP", Long.toString(stopped.process().pid()))
                .start();
        assertTrue(stop.waitFor(5, TimeUnit.SECONDS) && stop.exitValue() == 0);

        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> assertKilled(deaf), Children::inThread);
        assertKilled(stopped);
        other.get(10, TimeUnit.SECONDS);
    }

    private static void assertKilled(ChildProcess child) {
        long since = System.nanoTime();

        assertTrue(child.stop(Duration.ZERO));

        long millis = Children.millisSince(since);
        assertTrue(millis >= 2_400 && millis < ChildProcess.MAX_STOP.toMillis(), millis + " ms");
        assertEquals("SIGKILL", child.report(0, 0).signal().orElseThrow());
        assertEquals("ended by this side with KILL", child.report(0, 0).guess());
    }

    @Test
    void grandchildThatHoldsStdoutEndsToo() throws IOException {
        ChildProcess child = ChildProcess.start(Children.sh("sleep 60 & echo $!; read a; exit 0"));
        long grandchild = Long.parseLong(Children.line(child));

        assertTrue(child.stop(Duration.ZERO));

        assertFalse(Children.lives(grandchild));
        assertEquals(0, child.process().exitValue());
    }

    @Test
    void grandchildOfAChildThatEndsInTheDrainEndsToo() throws Exception {
        ChildProcess child = ChildProcess.start(Children.sh("(sleep 60 & echo $!; wait) & wait $!"));
        long deepest = Long.parseLong(Children.line(child));
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Thread stopping = new Thread(() -> ended.complete(child.stop(Children.PATIENCE)));
        stopping.start();
        Children.await("the stop drains", () -> stopping.getState() == Thread.State.TIMED_WAITING);

        child.process().toHandle().destroy();

        assertTrue(ended.get(8, TimeUnit.SECONDS));
        assertFalse(Children.lives(deepest));
        assertEquals(143, child.process().exitValue());
    }

    @Test
    void writerThatIsBlockedOnAFullPipeIsFreed() throws Exception {
        ChildProcess child = ChildProcess.start(Child.command("sleep", "60"));
        CompletableFuture<Boolean> failed = new CompletableFuture<>();
        Thread writer = new Thread(() -> failed.complete(!write(child, "x".repeat(1 << 20))), "blocked-writer");
        writer.start();
        Children.await("the writer is inside write", () -> isWriting(writer));

        assertTrue(child.stop(Duration.ZERO));

        assertTrue(failed.get(5, TimeUnit.SECONDS));
        assertEquals("SIGTERM", child.report(0, 0).signal().orElseThrow());
    }

    private static boolean isWriting(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length > 0 && stack[0].getMethodName().equals("writeBytes");
    }

    @Test
    void secondStopIsFreeAndTheHastyOneWins() throws Exception {
        ChildProcess child = ChildProcess.start(Child.command("sleep", "60"));
        List<CompletableFuture<Boolean>> patient = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            patient.add(CompletableFuture.supplyAsync(() -> child.stop(Duration.ofSeconds(15)), Children::inThread));
        }
        long since = System.nanoTime();

        assertTrue(child.stop(Duration.ZERO));
        for (CompletableFuture<Boolean> each : patient) {
            assertTrue(each.get(5, TimeUnit.SECONDS));
        }

        assertTrue(Children.millisSince(since) < 3_000);
        long again = System.nanoTime();
        assertTrue(child.stop(Duration.ofSeconds(5)));
        assertTrue(Children.millisSince(again) < 100);
    }

    @Test
    void interruptGoesStraightToKillAndStaysSet() {
        ChildProcess child = ChildProcess.start(Child.command("cat"));
        long since = System.nanoTime();
        Thread.currentThread().interrupt();

        boolean ended = child.stop(Children.PATIENCE);

        assertTrue(Thread.interrupted());
        assertTrue(ended);
        assertTrue(Children.millisSince(since) < 1_000);
        assertEquals("SIGKILL", child.report(0, 0).signal().orElseThrow());
    }

    @Test
    void exitIsToldWhileAGrandchildHoldsThePipes() throws Exception {
        ChildProcess child = ChildProcess.start(Children.sh("sleep 60 & echo $!; read a; exit 3"));
        long grandchild = Long.parseLong(Children.line(child));
        long since = System.nanoTime();
        write(child, "go\n");

        child.exited().get(5, TimeUnit.SECONDS);

        assertTrue(Children.millisSince(since) < 1_000);
        assertEquals(3, child.report(0, 0).exitCode().orElseThrow());
        child.stop(Duration.ZERO);
        ProcessHandle.of(grandchild).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static boolean write(ChildProcess child, String text) {
        try {
            child.channel().write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
