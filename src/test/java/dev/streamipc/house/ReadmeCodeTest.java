package dev.streamipc.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.Message;
import dev.streamipc.message.MessageName;
import dev.streamipc.message.Request;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compiles the code of README.md, of the READMEs below it and of the pages in docs, and runs what is complete. */
class ReadmeCodeTest {

    private static final String SPAWNED = "Child.java(Shouter.class)";
    private static final int END_SECONDS = 20;

    @TempDir
    private static Path folder;

    private static Path classes;
    private static List<Markdown> documents;
    private static List<Markdown> pages;
    private static List<String> complaints;

    @MessageName("Shout")
    private record Shout(String text) implements Request<Shouted> {}

    @MessageName("Shouted")
    private record Shouted(String text) implements Message {}

    @BeforeAll
    static void compile() throws IOException {
        classes = folder.resolve("classes");
        pages = Repository.files("docs").stream()
                .filter(file -> file.toString().endsWith(".md"))
                .map(Markdown::of)
                .toList();
        documents = Stream.of("README.md", "python/README.md", "samples/master-slave/README.md")
                .map(Repository.ROOT::resolve)
                .filter(Files::exists)
                .map(Markdown::of)
                .toList();
        complaints = new ArrayList<>();
        for (Markdown document : documents) {
            complaints.addAll(JavaBlocks.compile(document.blocks("java"), classes));
        }
        for (Markdown page : pages) {
            complaints.addAll(JavaBlocks.compile(page.blocks("java"), classesOf(page)));
        }
    }

    /** Each page has types of its own. */
    private static Path classesOf(Markdown page) {
        return folder.resolve("classes-of-" + page.file().getFileName());
    }

    @Test
    void everyJavaBlockCompiles() {
        assertTrue(readme().blocks("java").size() > 2);
        assertEquals(List.of(), complaints);
    }

    @Test
    void theTourRuns() throws Exception {
        ProgramRun run = ProgramRun.of(folder, ProgramRun.java("Tour", classes));

        assertEquals("HELLO\n", run.stdout(), run.stderr());
        assertEquals(0, run.exitCode(), run.stderr());
    }

    @Test
    void theTourRunsWithThePythonChild() throws Exception {
        Markdown.Block tour = readme().blocks("java").get(0);
        assertTrue(tour.text().contains(SPAWNED));
        String text = tour.text().replace(SPAWNED, "Child.python(\"shouter.py\")");
        Path changed = folder.resolve("changed");
        Markdown.Block python = new Markdown.Block(tour.document(), tour.line(), "java", text);
        Files.writeString(
                folder.resolve("shouter.py"), readme().blocks("python").get(0).text());

        assertEquals(List.of(), JavaBlocks.compile(List.of(python), changed));
        ProgramRun run = ProgramRun.of(folder, ProgramRun.java("Tour", changed));

        assertEquals("HELLO\n", run.stdout(), run.stderr());
        assertEquals(0, run.exitCode(), run.stderr());
    }

    @Test
    void thePoolRuns() throws Exception {
        Path home = Files.createTempDirectory(folder, "Pool");
        String script = readme().blocks("python").stream()
                .map(Markdown.Block::text)
                .filter(text -> text.contains("def score("))
                .findFirst()
                .orElseThrow();
        Files.writeString(home.resolve("score.py"), script);

        ProgramRun run = ProgramRun.of(home, ProgramRun.java("Pool", classes));

        assertEquals("HELLO 67.5\n", run.stdout(), run.stderr());
        assertEquals(0, run.exitCode(), run.stderr());
    }

    /** In a folder that has the scripts of the page. */
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("programs")
    void everyProgramOfAPagePrintsWhatThePageSays(Markdown.Block program) throws Exception {
        Markdown page = Markdown.of(program.document());
        Path home = Files.createTempDirectory(folder, program.className());
        for (Markdown.Block script : page.blocks("python")) {
            Files.writeString(
                    home.resolve(script.fileName().orElseThrow(() -> missing("file name", script))), script.text());
        }

        ProgramRun run = ProgramRun.of(home, ProgramRun.java(program.className(), classesOf(page)));

        assertEquals(
                page.outputOf(program).orElseThrow(() -> missing("text block behind it", program)),
                run.stdout(),
                run.stderr());
        assertEquals(0, run.exitCode(), run.stderr());
    }

    private static AssertionError missing(String what, Markdown.Block block) {
        return new AssertionError("block without a " + what + ": " + block);
    }

    static List<Markdown.Block> programs() {
        return pages.stream()
                .flatMap(page -> page.blocks("java").stream())
                .filter(Markdown.Block::isProgram)
                .toList();
    }

    @Test
    void theCookbookHasTwelveTasks() {
        Markdown cookbook = Markdown.of(Repository.ROOT.resolve("docs/COOKBOOK.md"));

        assertEquals(
                12,
                cookbook.blocks("java").stream()
                        .filter(Markdown.Block::isProgram)
                        .count());
    }

    @Test
    void everyPythonBlockIsPython() throws Exception {
        List<String> command = new ArrayList<>(
                List.of("python3", "-c", "import ast, sys; [ast.parse(open(f).read(), f) for f in sys.argv[1:]]"));
        for (Markdown.Block block : pythonBlocks()) {
            command.add(write(block).toString());
        }

        ProgramRun run = ProgramRun.of(folder, command);

        assertFalse(pythonBlocks().isEmpty());
        assertEquals(0, run.exitCode(), run.stderr());
    }

    @Test
    void everyPythonChildGreetsAndEndsWithItsSession() throws Exception {
        for (Markdown.Block block : pythonBlocks()) {
            if (block.text().contains(".serve()")) {
                greet(block);
            }
        }
    }

    private static void greet(Markdown.Block block) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("python3", write(block).toString());
        builder.environment()
                .put("PYTHONPATH", Repository.ROOT.resolve("python/src").toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        Process child = builder.start();
        try (IpcPeer peer = IpcPeer.builder().build()) {
            IpcSession session = peer.createProcessSession(child);
            session.flush(Duration.ofSeconds(END_SECONDS));
            session.close();

            assertEnds(child);
        } finally {
            child.destroyForcibly();
        }
    }

    private static void assertEnds(Process child) throws InterruptedException {
        assertTrue(child.waitFor(END_SECONDS, TimeUnit.SECONDS), "still alive, pid=" + child.pid());
        assertEquals(0, child.exitValue());
    }

    private static Path write(Markdown.Block block) throws IOException {
        String name = block.toString().replaceAll("\\W", "_") + ".py";
        return Files.writeString(folder.resolve(name), block.text());
    }

    private static List<Markdown.Block> pythonBlocks() {
        return Stream.concat(documents.stream(), pages.stream())
                .flatMap(document -> document.blocks("python").stream())
                .toList();
    }

    private static Markdown readme() {
        return documents.get(0);
    }
}
