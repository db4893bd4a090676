package dev.streamipc.sample.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.streamipc.sample.SampleRun;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole sample, by the command that users type: what it writes, what it says of the faults, and what it leaves. */
class ShowTest {

    /** Of 6 lines and 40 columns. */
    private static final String IN_TERMINAL = """
            import fcntl, os, pty, struct, sys, termios
            pid, terminal = pty.fork()
            if pid == 0:
                fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 6, 40, 0, 0))
                os.execv(sys.argv[1], sys.argv[1:])
            try:
                while os.write(1, os.read(terminal, 65536)): pass
            except OSError: pass
            sys.exit(os.WEXITSTATUS(os.waitpid(pid, 0)[1]))""";

    private static final Pattern PID = Pattern.compile("\\bpid[= ](?:OptionalLong\\[)?(\\d+)");

    private static final Pattern WATCH_LINE =
            Pattern.compile("^watch: after \\d+\\.\\d s: pictures done=\\d/5 .* scores done=", Pattern.MULTILINE);
    private static final Pattern WORKER_ROW =
            Pattern.compile("^  picture-\\d    (IDLE|BUSY) +pid \\d+", Pattern.MULTILINE);
    private static final Pattern FAULT_LINE =
            Pattern.compile("^((crash|hang|grow): |  (exit report|worker|replaced|memory)|all ended)");

    @TempDir
    Path folder;

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        assumeTrue(ProcStatus.isThere(), "looks into /proc");
        ShowRun.prepare();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void picturesAreScaledRowsScoredAndThreeFaultsEndAsTheyShould() throws Exception {
        Path pictures = Files.createDirectories(folder.resolve("pictures of mine"));
        write(pictures.resolve("wide.png"), 400, 100);
        write(Files.createDirectories(pictures.resolve("sub")).resolve("high.jpg"), 90, 300);
        write(pictures.resolve("small.gif"), 20, 10);
        write(pictures.resolve("-two\nlines ü.png"), 20, 10);
        Files.writeString(pictures.resolve("bad.JPG"), "no picture");
        Files.writeString(pictures.resolve("notes.txt"), "left alone");
        Map<String, Long> before = sizes(pictures);
        Path out = folder.resolve("out/of it");

        try (SampleRun run = ShowRun.start("--watch", "--out", out, pictures)) {
            assertEquals(0, run.status(), () -> run.stdout() + run.stderr());
            assertEquals(before, sizes(pictures));
            assertEquals(
                    Map.of(
                            "-two\nlines ü.png.png", "20x10",
                            "sub/high.jpg.png", "48x160",
                            "small.gif.png", "20x10",
                            "wide.png.png", "160x40"),
                    pngs(out.resolve("pictures")));
            assertScores(out);
            assertFaults(run.stdout());
            assertTrue(run.stdout().contains("\npictures: scaled=4, refused=1, into="), run::stdout);
            assertTrue(run.stdout().contains("\n  refused: bad.JPG: not a picture\n"), run::stdout);
            assertFalse((run.stdout() + run.stderr()).contains("\033"), run::stderr);
            assertTrue(run.stderr().contains("\nwatch: Killed[worker=picture-"), run::stderr);
            assertTrue(WATCH_LINE.matcher(run.stderr()).find(), run::stderr);
            assertNobodyIsLeft(run.stdout() + run.stderr());
        }
    }

    private static void write(Path file, int width, int height) throws IOException {
        String name = file.toString();
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        assertTrue(ImageIO.write(picture, name.substring(name.lastIndexOf('.') + 1), file.toFile()));
    }

    private static Map<String, Long> sizes(Path folder) throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        for (Path file : files(folder)) {
            sizes.put(folder.relativize(file).toString(), Files.size(file));
        }
        return sizes;
    }

    private static Map<String, String> pngs(Path folder) throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (Path file : files(folder)) {
            BufferedImage picture = ImageIO.read(new File(file.toString()));
            found.put(folder.relativize(file).toString(), picture.getWidth() + "x" + picture.getHeight());
        }
        return found;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile).toList();
        }
    }

    private static void assertScores(Path out) throws IOException {
        List<String> asked = Files.readAllLines(out.resolve("flats.csv"));
        List<String> scored = Files.readAllLines(out.resolve("scores.csv"));
        assertEquals(asked.get(0) + ",score,error", scored.get(0));
        assertEquals(401, scored.size());
        for (int i = 1; i < scored.size(); i++) {
            String[] cells = asked.get(i).split(",");
            String rest = scored.get(i).substring(asked.get(i).length());
            if (cells[0].equals("0")) {
                assertEquals(",,\"ValueError: a flat has rooms: rooms=0\"", rest);
            } else {
                double weight = 0.9 * Integer.parseInt(cells[0])
                        + 0.04 * Double.parseDouble(cells[1])
                        - 0.06 * Integer.parseInt(cells[2])
                        - 3;
                assertEquals(100 / (1 + Math.exp(-weight)), Double.parseDouble(rest.split(",")[1]), 0.006);
            }
        }
    }

    /** What became of each task, what is sure of it, how its worker ended, and that there is another. */
    private static void assertFaults(String said) {
        assertTrue(Pattern.compile("""
                        ^crash: ended with ChildDied, certainty=EXECUTED, after \\d+ ms
                          exit report: pid=(\\d+), exitCode=42, .*lastStderr=something is badly wrong here
                          worker picture-\\d: died; started again, pid=\\d+, ready after \\d+ ms
                        hang: ended with DeadlinePassed, certainty=EXECUTED, after \\d{4,5} ms
                          worker picture-\\d: was cancelled, did not hear it, killed after a grace of 500 ms; pid \\d+ is gone
                          replaced: by worker picture-\\d, pid=\\d+, ready after \\d+ ms
                        grow: ended well after \\d+ ms, value=holds 256 MiB
                          memory: /proc/(\\d+)/status has shown VmRSS=\\d+ MiB, limit=256 MiB
                          worker picture-\\d: recycled once it was idle, reason=MEMORY, residentBytes=\\d+, \
                        maxResidentBytes=268435456; pid \\2 is gone
                        """).matcher(said).find(), said);
        Matcher seen = Pattern.compile("VmRSS=(\\d+) MiB").matcher(said);
        assertTrue(seen.find() && Integer.parseInt(seen.group(1)) > 256, said);
        assertTrue(said.endsWith("\nall ended as they should\n"), said);
    }

    private static void assertNobodyIsLeft(String said) throws InterruptedException {
        Matcher named = PID.matcher(said);
        assertTrue(named.find());
        do {
            assertTrue(ProcStatus.awaitGone(Long.parseLong(named.group(1))), named::group);
        } while (named.find());
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aTerminalGetsALiveViewAndIsGivenBackAsItWas() throws Exception {
        Path out = folder.resolve("out");
        List<String> command = List.of(
                "python3", "-c", IN_TERMINAL, ShowRun.HOME.resolve("run").toString());

        try (SampleRun run = ShowRun.startCommand(
                Stream.concat(command.stream(), Stream.of("--watch", "--pictures", "6", "--out", out.toString()))
                        .toList())) {
            assertEquals(0, run.status(), () -> run.stdout() + run.stderr());
            String terminal = run.stdout();
            assertTrue(terminal.contains("\033[?25l\033[?7l-- pools after "), terminal);
            assertTrue(terminal.contains("A\r\033[J"), terminal);
            assertTrue(WORKER_ROW.matcher(terminal).find(), terminal);
            assertTrue(terminal.contains("\r\n  ... and 3 lines more"), terminal);
            assertFalse(terminal.contains("done  start"), terminal);
            assertTrue(terminal.endsWith("\033[?25h\033[?7h"), terminal);
            assertFaults(withoutFrames(terminal));
            assertEquals(6, pngs(out.resolve("pictures")).size());
        }
    }

    private static String withoutFrames(String terminal) {
        return terminal.replace("\r\033[J", "\n")
                .replaceAll("\033\\[[?0-9]*[a-zA-Z]", "")
                .lines()
                .filter(line -> FAULT_LINE.matcher(line).find())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @CsvSource({
        "--workers, none, --workers needs a number: given=none",
        "/nowhere/at all, --watch, DIR does not exist: dir=/nowhere/at all"
    })
    void aWrongWordIsOneClearLine(String word, String other, String complaint) throws Exception {
        try (SampleRun run = ShowRun.start(word, other)) {
            assertEquals(2, run.status());
            assertEquals("", run.stdout());
            assertTrue(run.stderr().startsWith("run: " + complaint), run::stderr);
            assertTrue(run.stderr().endsWith("; " + Arguments.USAGE + "\n"), run::stderr);
            assertEquals(1, run.stderr().lines().count(), run::stderr);
        }
    }

    @Test
    void whatUsersCopyIsShort() throws IOException {
        Path sources = ShowRun.HOME.resolve("src/main/java/dev/streamipc/sample/dispatch");

        assertTrue(Files.readAllLines(sources.resolve("Show.java")).size() <= 150);
        assertTrue(Files.readAllLines(sources.resolve("PictureWorker.java")).size() <= 80);
        assertTrue(Files.readAllLines(ShowRun.HOME.resolve("scorer.py")).size() <= 20);
    }
}
