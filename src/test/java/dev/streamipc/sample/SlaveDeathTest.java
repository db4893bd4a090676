package dev.streamipc.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.streamipc.channel.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of the sample are killed, each while it provably reads a file and another file waits. */
class SlaveDeathTest {

    private static final long LARGE_BYTES = 512L << 20;
    private static final long ENDLESS_BYTES = 1L << 40;
    private static final long MAX_ORPHAN_MILLIS = 3_000;
    private static final long MAX_END_NANOS = 15_000_000_000L;

    @TempDir
    Path folder;

    private FileTree tree;
    private final List<Path> large = new ArrayList<>();

    @BeforeAll
    static void prepare() throws IOException {
        assumeTrue(ProcFiles.isThere(), "looks into /proc");
        MasterRun.prepare();
    }

    /** One large file for each slave, which come first, and small ones that have to wait. */
    private void makeFiles(int slaves, long bytes) throws Exception {
        tree = new FileTree(folder);
        for (int i = 0; i < slaves; i++) {
            large.add(tree.addSparse("large" + i, bytes));
        }
        for (int i = 0; i < 5; i++) {
            tree.add("small" + i, new byte[i]);
        }
    }

    private void awaitAllReading(MasterRun run) throws Exception {
        for (Path file : large) {
            Eventually.await("a slave is amid " + file, () -> run.isReading(file));
        }
        for (Path file : large) {
            assertTrue(run.isReading(file), "the files are too small for this machine");
        }
    }

    @Test
    void filesOfKilledSlavesGoToTheOneThatIsLeft() throws Exception {
        makeFiles(3, LARGE_BYTES);

        try (MasterRun run = MasterRun.start("--json", tree.root())) {
            awaitAllReading(run);
            Map<String, Long> slaves = run.slaves();
            ProcessHandle first = run.reader(large.get(0)).orElseThrow();
            ProcessHandle second = run.reader(large.get(2)).orElseThrow();
            first.destroyForcibly();
            second.destroyForcibly();

            assertEquals(0, run.status(), run::stderr);
            Map<String, Map<String, Object>> rows = run.rows();
            assertEquals(8, rows.size());
            rows.values()
                    .forEach(
                            row -> assertEquals(64, row.get("sha256").toString().length(), row::toString));
            assertNotEquals(first.pid(), slaves.get(rows.get("large0").get("slave")));
            assertNotEquals(second.pid(), slaves.get(rows.get("large2").get("slave")));
            assertExitReport(run, first);
            assertExitReport(run, second);
        }
    }

    private static void assertExitReport(MasterRun run, ProcessHandle killed) {
        String report = ".* is lost: child died: phase=\\w+, pid=" + killed.pid() + ", exitCode=137, signal=KILL, .*";

        assertTrue(run.stderr().lines().anyMatch(line -> line.matches(report)), run::stderr);
    }

    @Test
    void noSlaveLeftIsAnEnd() throws Exception {
        makeFiles(2, ENDLESS_BYTES);

        try (MasterRun run = MasterRun.start("--json", "--slaves", 1, "--python", 1, tree.root())) {
            awaitAllReading(run);
            long start = System.nanoTime();
            run.master().children().forEach(ProcessHandle::destroyForcibly);

            assertEquals(3, run.status(), run::stderr);
            assertTrue(System.nanoTime() - start < MAX_END_NANOS);
            assertEquals(7, run.rows().size());
            run.rows().values().forEach(row -> assertEquals("no slave is left to read it", row.get("error")));
            assertTrue(run.stderr().contains("\nrun: no slave is left: undoneFiles=7\n"), run::stderr);
        }
    }

    @Test
    void noSlaveOutlivesItsMaster() throws Exception {
        makeFiles(3, ENDLESS_BYTES);

        try (MasterRun run = MasterRun.start(tree.root())) {
            awaitAllReading(run);
            List<ProcessHandle> slaves = run.master().children().toList();
            assertEquals(slaves, ProcFiles.alive(slaves));
            assertEquals(3, slaves.size());

            run.master().destroyForcibly();

            long millis = Eventually.await(
                    "all have ended", () -> ProcFiles.alive(slaves).isEmpty());
            assertTrue(millis <= MAX_ORPHAN_MILLIS, "took " + millis + " ms");
        }
    }
}
