package dev.streamipc.sample.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.streamipc.sample.SampleRun;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The sample where something is in its way: what it says, with which status it ends, and that it cleans up. */
@Execution(ExecutionMode.CONCURRENT)
class ShowHarmTest {

    @TempDir
    Path folder;

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        assumeTrue(ProcStatus.isThere(), "looks into /proc");
        ShowRun.prepare();
    }

    @Test
    void aPictureThatCantBeNamedIsRefusedAndOneThatCantBeWrittenHasFailed() throws Exception {
        Path pictures = Files.createDirectories(folder.resolve("pictures"));
        write(pictures.resolve("good.png"));
        write(pictures.resolve("blocked.png"));
        shell("cp good.png \"$(printf 'odd\\377.png')\"", pictures);
        Path out = folder.resolve("out");
        Files.createDirectories(out.resolve("pictures/blocked.png.png/full"));

        try (SampleRun run = ShowRun.start("--out", out, pictures)) {
            assertEquals(1, run.status(), run::stderr);
            String said = run.stdout();
            assertTrue(said.contains("\npictures: scaled=1, refused=1, into="), said);
            assertTrue(said.contains("\n  FAILED: blocked.png: can't be written: cause=java.nio.file."), said);
            assertTrue(said.matches("(?s).*\n  refused: odd[^ ]+\\.png: the name is not UTF-8\n.*"), said);
            assertTrue(said.endsWith("\nNOT all ended as they should\n"), said);
        }
    }

    private static void write(Path file) throws IOException {
        assertTrue(ImageIO.write(new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB), "png", file.toFile()));
    }

    private static void shell(String line, Path at) throws IOException, InterruptedException {
        assertEquals(
                0,
                new ProcessBuilder("sh", "-c", line)
                        .directory(at.toFile())
                        .start()
                        .waitFor());
    }

    @Test
    void withoutAReaderItSaysWhyAndLeavesNothing() throws Exception {
        String line = "exec \"$0\" --pictures 2 >/dev/full";
        Map<String, String> ownFolder = Map.of("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + folder);

        try (SampleRun run = SampleRun.startCommand(ownFolder, List.of("sh", "-c", line, command()))) {
            assertEquals(1, run.status());
            assertTrue(
                    run.stderr().endsWith("\nrun: stdout can't be written: cause=No space left on device\n"),
                    run::stderr);
            assertEquals(List.of(), resultFolders());
        }
    }

    @Test
    void atSigtermItLeavesNothing() throws Exception {
        Map<String, String> ownFolder = Map.of("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + folder);

        try (SampleRun run = SampleRun.startCommand(ownFolder, List.of(command(), "--pictures", "2"))) {
            awaitLine(run);
            assertFalse(resultFolders().isEmpty());
            run.process().destroy();

            assertEquals(143, run.status());
            assertEquals(List.of(), resultFolders());
        }
    }

    private static void awaitLine(SampleRun run) {
        while (run.stdout().isEmpty()) {
            assertTrue(run.process().isAlive(), run::stderr);
            Thread.onSpinWait();
        }
    }

    private List<Path> resultFolders() throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(path -> path.getFileName().toString().matches("streamipc-(dispatch|pictures)-.*"))
                    .toList();
        }
    }

    @Test
    void whatIsInTheWayOfTheResultsIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        try (SampleRun run = ShowRun.start("--out", file)) {
            assertEquals(1, run.status());
            assertEquals(
                    "run: a file can't be read or written: cause=java.nio.file.FileAlreadyExistsException: " + file
                            + "\n",
                    run.stderr());
        }
    }

    @Test
    void anOldJavaIsOneClearLine() throws Exception {
        Path java = Files.createDirectories(folder.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho 'java version \"1.8.0_202\"' >&2\n");
        assertTrue(java.toFile().setExecutable(true));
        for (String run : List.of(command(), ShowRun.HOME.resolveSibling("master-slave/run") + "")) {
            try (SampleRun old = SampleRun.startCommand(Map.of("JAVA_HOME", folder + ""), List.of(run))) {
                assertEquals(2, old.status());
                assertEquals(
                        "run: java is too old: java=" + java + "; install a JDK 17 or newer, or set JAVA_HOME to one\n",
                        old.stderr());
            }
        }
    }

    private static String command() {
        return ShowRun.HOME.resolve("run").toString();
    }
}
