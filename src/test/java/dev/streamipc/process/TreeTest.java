package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Families of processes: a stop ends them all, and none stays as a zombie. */
@Timeout(30)
class TreeTest {

    private static final int SHORT_LIVES = 200;

    private static final String FAMILY = """
            trap '' TERM
            echo $$
            if [ "$1" -gt 0 ]; then
                sh "$0" $(($1 - 1)) &
                wait
            else
                exec sleep 60
            fi
            """;

    private static final String LATE = """
            trap 'sleep 60 & echo $!; wait' TERM
            echo up
            while :; do sleep 0.05 </dev/null; done
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void needsProc() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "needs Linux");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void threeLevelsBelowAChildEndThoughTheyAreDeafOrStopped() throws Exception {
        Path script = Files.writeString(folder.resolve("family"), FAMILY);
        ChildProcess child = ChildProcess.start(Child.command("sh", script.toString(), "3"));
        List<Long> pids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            pids.add(Long.parseLong(Children.line(child)));
        }
        assertEquals(child.process().pid(), pids.get(0));
        stop(pids.get(0));
        stop(pids.get(2));
        long since = System.nanoTime();

        assertTrue(child.stop(Duration.ZERO));

        long millis = Children.millisSince(since);
        assertTrue(millis < ChildProcess.MAX_STOP.toMillis(), "millis=" + millis);
        pids.forEach(pid -> assertFalse(Children.lives(pid), "pid=" + pid));
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void grandchildThatIsBornDuringTheStopEndsToo() throws Exception {
        Path script = Files.writeString(folder.resolve("late"), LATE);
        ChildProcess child = ChildProcess.start(Child.command("sh", script.toString()));
        assertEquals("up", Children.line(child));
        List<String> born = new ArrayList<>();
        Thread reading = new Thread(() -> readInto(born, child), "test-reading");
        reading.start();

        assertTrue(child.stop(Duration.ZERO));

        reading.join();
        long grandchild = Long.parseLong(born.get(0));
        assertFalse(Children.lives(grandchild), "pid=" + grandchild);
        assertEquals("ended by this side with KILL", child.report(0, 0).guess());
    }

    private static void readInto(List<String> lines, ChildProcess child) {
        try {
            lines.add(Children.line(child));
        } catch (IOException e) {
            lines.add(e.toString());
        }
    }

    @Test
    void shortLivesLeaveNoZombie() throws Exception {
        for (int i = 0; i < SHORT_LIVES; i++) {
            ChildProcess child = ChildProcess.start(Child.command("true"));
            child.exited().join();
            assertTrue(child.stop(Duration.ZERO));
        }

        Children.await("no zombie is left", () -> zombies().isEmpty());
    }

    private static List<String> zombies() {
        String ours = " Z " + ProcessHandle.current().pid() + " ";
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(each -> each.getFileName().toString().matches("\\d+"))
                    .map(TreeTest::stat)
                    .filter(stat -> stat.startsWith(ours, stat.lastIndexOf(')') + 1))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String stat(Path process) {
        try {
            return Files.readString(process.resolve("stat"));
        } catch (IOException e) {
            return "";
        }
    }

    private static void stop(long pid) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().waitFor());
    }
}
