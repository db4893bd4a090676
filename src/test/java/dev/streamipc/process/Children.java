package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.IpcChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What the tests of this package share: reading from a child, waiting for a fact. */
final class Children {

    static final Duration PATIENCE = Duration.ofSeconds(10);

    private Children() {}

    static Child sh(String script, String... arguments) {
        return Child.command("/bin/sh", "-c", script, "sh").arguments(arguments);
    }

    /** Runs to the end of stdout and of the process. */
    static String output(Child child) throws Exception {
        ChildProcess process = ChildProcess.start(child);
        try {
            return rest(process);
        } finally {
            process.exited().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            process.stop(Duration.ZERO);
        }
    }

    static String rest(ChildProcess process) throws IOException {
        return read(process.channel(), false);
    }

    static String line(ChildProcess process) throws IOException {
        return read(process.channel(), true);
    }

    private static String read(IpcChannel channel, boolean oneLine) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer some = ByteBuffer.allocate(oneLine ? 1 : 8_192);
        while (channel.read(some.clear()) >= 0 && !(oneLine && some.get(0) == '\n')) {
            all.write(some.array(), 0, some.position());
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    static void await(String fact, BooleanSupplier holds) {
        long since = System.nanoTime();
        while (!holds.getAsBoolean()) {
            // asked once a turn: what another thread opens for a moment can make a fact untrue again
            assertTrue(System.nanoTime() - since < PATIENCE.toNanos(), fact);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Returns the last lines once this one is among them: on a busy machine that can be after the report's 20 ms. */
    static List<String> stderrWith(ChildProcess process, String line) {
        await(
                line + " on stderr",
                () -> process.report(0, 0).lastStderr().stream().anyMatch(each -> each.contains(line)));
        return process.report(0, 0).lastStderr();
    }

    /** A zombie has ended; {@code ProcessHandle.isAlive} would say that it lives. */
    static boolean lives(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return !stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return false;
        }
    }

    /** An executor that never makes a task wait for another. */
    static void inThread(Runnable task) {
        Thread thread = new Thread(task, "test-task");
        thread.setDaemon(true);
        thread.start();
    }

    static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
