package dev.streamipc.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

    private static final long LARGE_BYTES = 256L << 20;
    private static final long ENDLESS_BYTES = 1L << 40;
    private static final long MAX_ORPHAN_MILLIS = 3_000;
    private static final long MAX_END_NANOS = 15_000_000_000L;

    @TempDir
    Path folder;

    private FileTree tree;
    private final List<Path> large = new ArrayList<>();

    @BeforeAll
    static void prepare() throws IOException, InterruptedException {
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

    private List<ProcessHandle> stopAllAmid(MasterRun run) throws Exception {
        List<ProcessHandle> slaves = new ArrayList<>();
        for (Path file : large) {
            slaves.add(run.stopAmid(file));
        }
        return slaves;
    }

    @Test
    void filesOfKilledSlavesGoToTheOneThatIsLeft() throws Exception {
        makeFiles(3, LARGE_BYTES);

        try (MasterRun run = MasterRun.start("--json", tree.root())) {
            List<ProcessHandle> readers = stopAllAmid(run);
            readers.get(0).destroyForcibly();
            readers.get(2).destroyForcibly();
            ProcFiles.signal("CONT", readers.get(1));

            assertEquals(0, run.status(), run::stderr);
            Map<String, Map<String, Object>> rows = run.rows();
            assertEquals(8, rows.size());
            rows.values().forEach(row -> {
                assertTrue(row.get("sha256").toString().matches("[0-9a-f]{64}"), row::toString);
                assertEquals(readers.get(1).pid(), run.slaves().get(row.get("slave")), row::toString);
            });
            assertExitReport(run, readers.get(0));
            assertExitReport(run, readers.get(2));
        }
    }

    private static void assertExitReport(MasterRun run, ProcessHandle killed) {
        String report =
                ".* is lost: child died: phase=\\w+, pid=" + killed.pid() + ", exitCode=137, signal=SIGKILL, .*";

        assertTrue(run.stderr().lines().anyMatch(line -> line.matches(report)), run::stderr);
    }

    @Test
    void noSlaveLeftIsAnEnd() throws Exception {
        makeFiles(2, ENDLESS_BYTES);

        try (MasterRun run = MasterRun.start("--json", "--slaves", 1, "--python", 1, tree.root())) {
            List<ProcessHandle> readers = stopAllAmid(run);
            long start = System.nanoTime();
            readers.forEach(ProcessHandle::destroyForcibly);

            assertEquals(3, run.status(), run::stderr);
            assertTrue(System.nanoTime() - start < MAX_END_NANOS);
            assertEquals(7, run.rows().size());
            run.rows().values().forEach(row -> assertEquals("no slave is left to read it", row.get("error")));
            assertTrue(run.stderr().contains("\nrun: no slave is left: undoneFiles=7\n"), run::stderr);
        }
    }

    @Test
    void noSlaveOutlivesItsMaster() throws Exception {
        NodeProgram.require();
        makeFiles(4, ENDLESS_BYTES);

        try (MasterRun run = MasterRun.start("--node", 1, tree.root())) {
            List<ProcessHandle> slaves = new ArrayList<>();
            for (Path file : large) {
                slaves.add(run.awaitReader(file));
            }
            assertEquals(slaves, ProcFiles.alive(slaves));

            run.master().destroyForcibly();

            long millis = Eventually.await(
                    "all have ended", () -> ProcFiles.alive(slaves).isEmpty());
            assertTrue(millis <= MAX_ORPHAN_MILLIS, "took " + millis + " ms");
        }
    }
}
