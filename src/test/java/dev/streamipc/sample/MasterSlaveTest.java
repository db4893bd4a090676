package dev.streamipc.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The main job, by the command that users type: what it finds, and what it says. */
class MasterSlaveTest {

    private static final long LARGE_BYTES = 256L << 20;
    private static final String LARGE_ZEROS =
            "a6d72ac7690f53be6ae46ba88506bd97302a093f7108472bd9efc3cefda06484 0 " + LARGE_BYTES;
    private static final String PRINTED = "this was printed to stdout, and harms nothing";

    @TempDir
    Path folder;

    @BeforeAll
    static void prepare() throws IOException, InterruptedException {
        assumeTrue(ProcFiles.isThere(), "looks into /proc");
        MasterRun.prepare();
    }

    @Test
    void jsonRowsSayWhatIsInEachFileAndEachSlaveHasDoneSome() throws Exception {
        FileTree tree = FileTree.varied(folder);

        try (MasterRun run = MasterRun.start("--json", tree.root())) {
            assertEquals(0, run.status(), run::stderr);
            Map<String, Map<String, Object>> rows = run.rows();
            assertTrue(rows.size() >= 500);
            assertEquals(List.copyOf(tree.facts().keySet()), List.copyOf(rows.keySet()));
            assertEquals(tree.facts(), facts(rows));
            assertEquals(tree.sha256sums(), column("sha256", rows));
            assertEquals(run.slaves().keySet(), Set.copyOf(column("slave", rows).values()));
            assertEquals(3, run.slaves().size());
            assertLastLine(run, rows);
        }
    }

    private static void assertLastLine(MasterRun run, Map<String, Map<String, Object>> rows) {
        long bytes = rows.values().stream()
                .mapToLong(row -> ((Number) row.get("bytes")).longValue())
                .sum();
        Map<String, Integer> files = new HashMap<>();
        column("slave", rows).values().forEach(slave -> files.merge(slave, 1, Integer::sum));
        String last = run.lastLine();

        assertTrue(
                last.matches(
                        "files=" + rows.size() + " errors=0 bytes=" + bytes + " seconds=\\d+\\.\\d{3}( \\S+=\\d+)+"),
                last);
        files.forEach((slave, count) -> assertTrue((last + " ").contains(" " + slave + "=" + count + " "), last));
    }

    @Test
    void whatASlavePrintsArrivesOnStderrAndAllEndWell() throws Exception {
        NodeProgram.require();
        FileTree tree = FileTree.varied(folder);

        try (MasterRun run = MasterRun.start("--slaves", 1, "--python", 1, "--node", 1, tree.root())) {
            assertEquals(0, run.status(), run::stderr);
            assertEquals(3, run.slaves().size());
            for (long pid : run.slaves().values()) {
                assertTrue(
                        run.stderr().lines().anyMatch(line -> line.contains("pid=" + pid) && line.endsWith(PRINTED)),
                        run::stderr);
            }
            assertFalse(run.stderr().contains("did not end well"), run::stderr);
            assertFalse(run.stderr().contains("\u001b["), run::stderr);
            assertEquals(tree.facts(), TableRows.of(run.stdout()).facts());
            assertEquals(
                    List.copyOf(tree.facts().keySet()),
                    List.copyOf(TableRows.of(run.stdout()).facts().keySet()));
        }
    }

    @Test
    void aFileFarLargerThanTheHeapIsRead() throws Exception {
        FileTree tree = new FileTree(folder);
        tree.addSparse("large", LARGE_BYTES);

        try (MasterRun run = MasterRun.start("--slaves", 1, "--python", 0, "--json", tree.root())) {
            assertEquals(0, run.status(), run::stderr);
            assertEquals(Map.of("large", LARGE_ZEROS), facts(run.rows()));
        }
    }

    @ParameterizedTest
    @CsvSource({"--slaves", "--python", "--node"})
    void aFileThatCantBeReadIsARowWithItsError(String kind) throws Exception {
        NodeProgram.require();
        FileTree tree = new FileTree(folder);
        Path large = tree.addSparse("a", LARGE_BYTES);
        tree.write(new byte[] {'b', 'a', 'd', '\\', (byte) 0xff, '\n'}, new byte[0]);
        for (String name : List.of("fifo", "gone", "kept", "link")) {
            tree.add(name, name.getBytes());
        }

        try (MasterRun run = MasterRun.start("--json", "--slaves", 0, "--python", 0, kind, 1, tree.root())) {
            ProcessHandle slave = run.stopAmid(large);
            tree.swapForFifo("fifo");
            Files.delete(tree.root().resolve("gone"));
            tree.swapForLink("link", "kept");
            ProcFiles.signal("CONT", slave);

            assertEquals(1, run.status(), run::stderr);
            Map<String, Map<String, Object>> rows = run.rows();
            assertEquals(List.of("a", "bad\\\\\\xff\\n", "fifo", "gone", "kept", "link"), List.copyOf(rows.keySet()));
            assertEquals(Set.of("a", "kept"), facts(rows).keySet());
            assertEquals(tree.facts().get("kept"), facts(rows).get("kept"));
            assertEquals("the name is not UTF-8", column("error", rows).get("bad\\\\\\xff\\n"));
            assertTrue(column("error", rows).get("fifo").contains("not a regular file any more"), rows::toString);
            assertTrue(
                    column("error", rows).get("gone").matches(".*(NoSuchFile|FileNotFound|ENOENT).*"), rows::toString);
            assertTrue(run.lastLine().startsWith("files=2 errors=4 "), run::lastLine);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/nowhere/at all, DIR does not exist: dir=/nowhere/at all",
        "/dev/null, DIR is not a folder: dir=/dev/null",
        "--slaves=2, no such option: --slaves=2; usage: run [--slaves N] [--python N] [--node N] [--json] [DIR]"
    })
    void aWrongWordIsOneClearLine(String word, String complaint) throws Exception {
        try (MasterRun run = MasterRun.start(word)) {
            assertEquals(2, run.status());
            assertEquals(List.of(), run.stdout());
            assertEquals("run: " + complaint + "\n", run.stderr());
        }
    }

    @Test
    void aTerminalGetsABarAndStdoutStaysClean() throws Exception {
        FileTree tree = new FileTree(folder.resolve("tree"), 50);
        Path out = folder.resolve("out");
        String command = "'" + MasterRun.HOME.resolve("run") + "' --slaves 1 '" + tree.root() + "' > '" + out + "'";
        String inTerminal = "import os, pty, sys; sys.exit(os.WEXITSTATUS(pty.spawn(['sh', '-c', sys.argv[1]])))";

        try (MasterRun run = MasterRun.startCommand(List.of("python3", "-c", inTerminal, command))) {
            assertEquals(0, run.status(), run::stderr);
            assertEquals(tree.facts(), TableRows.of(Files.readAllLines(out)).facts());
            String terminal = run.output();
            assertTrue(terminal.contains("\r\u001b[K[" + "#".repeat(40) + "] 50/50 files"), terminal);
        }
    }

    @Test
    void whatUsersCopyIsShort() throws IOException {
        Path sources = MasterRun.HOME.resolve("src/main/java/dev/streamipc/sample");

        assertTrue(Files.readAllLines(sources.resolve("Master.java")).size() <= 100);
        assertTrue(Files.readAllLines(sources.resolve("Slave.java")).size() <= 100);
        assertTrue(Files.readAllLines(MasterRun.HOME.resolve("slave.py")).size() <= 40);
        assertTrue(Files.readAllLines(MasterRun.HOME.resolve("slave.js")).size() <= 50);
    }

    private static Map<String, String> facts(Map<String, Map<String, Object>> rows) {
        Map<String, String> facts = new LinkedHashMap<>();
        rows.forEach((path, row) -> {
            if (!row.containsKey("error")) {
                facts.put(path, row.get("sha256") + " " + row.get("lines") + " " + row.get("bytes"));
            }
        });
        return facts;
    }

    private static Map<String, String> column(String name, Map<String, Map<String, Object>> rows) {
        Map<String, String> column = new LinkedHashMap<>();
        rows.forEach((path, row) -> {
            if (row.containsKey(name)) {
                column.put(path, row.get(name).toString());
            }
        });
        return column;
    }
}
