package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.streamipc.message.StartFailed;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Interpreters are played by shell scripts. */
@Timeout(20)
class InterpretersTest {

    @TempDir
    Path folder;

    @BeforeEach
    void needsAShell() {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs /bin/sh");
    }

    @Test
    void firstThatWorksIsTakenInTheStatedOrder() throws IOException {
        Path venv = answering("venv/bin/python", "3.12.1", "/bin/true");
        Path conda = answering("conda/bin/python", "3.11.0", "/bin/cat");
        answering("path/python3", "3.10.0", "/bin/echo");
        answering("path/python", "3.9.0", "/bin/sh");
        String path = folder.resolve("path").toString();

        assertEquals(Path.of("/bin/true"), find(Map.of("VIRTUAL_ENV", home(venv), "CONDA_PREFIX", home(conda))));
        assertEquals(Path.of("/bin/cat"), find(Map.of("CONDA_PREFIX", home(conda), "PATH", path)));
        assertEquals(Path.of("/bin/echo"), find(Map.of("PATH", path)));
        Files.delete(folder.resolve("path/python3"));
        assertEquals(Path.of("/bin/sh"), find(Map.of("PATH", path)));
        assertEquals(Path.of("/bin/cat"), interpreters(Map.of("PATH", path)).find(conda));
    }

    @Test
    void oneThatFailsIsPassedOver() throws IOException {
        script("shims/python3", "echo 'no version selected' >&2; exit 127");
        answering("usr/python3", "3.8.0", "/bin/sh");

        assertEquals(Path.of("/bin/sh"), find(Map.of("PATH", path("shims", "usr"))));
    }

    @Test
    void errorListsEveryCandidateAndWhyItFailed() throws IOException {
        Path gone = folder.resolve("gone");
        script("a/python3", "echo; echo 'no version selected' >&2; exit 127");
        script("b/python3", "while :; do echo y; done");
        answering("c/python3", "3.7.16", "/bin/sh");
        answering("d/python3", "3.12.1", "/no/such");
        answering("e/python", "2.7.18", "/bin/sh");

        StartFailed failed = assertThrows(
                StartFailed.class,
                () -> find(Map.of("VIRTUAL_ENV", gone.toString(), "PATH", path("a", "b", "c", "d", "e"))));

        assertEquals(
                "start failed: no usable Python, needed=3.8 or later, tried: CONDA_PREFIX (not set);"
                        + " VIRTUAL_ENV DIR/gone/bin/python (no such file);"
                        + " python3 on PATH DIR/a/python3 (not Python, exitCode=127, output=no version selected);"
                        + " python3 on PATH DIR/b/python3 (no answer, waitedMs=500);"
                        + " python3 on PATH DIR/c/python3 (version 3.7.16 is not 3.8 or later);"
                        + " python3 on PATH DIR/d/python3 (sys.executable can't be run, path=/no/such);"
                        + " python on PATH DIR/e/python (version 2.7.18 is not 3.8 or later);"
                        + " name one with Child.interpreter",
                failed.getMessage().replace(folder.toString(), "DIR"));
    }

    @Test
    void environmentThatTheChildIsGivenTakesThePlaceOfThisJvms() {
        Map<String, String> inherited = Map.of("VIRTUAL_ENV", "/ours", "CONDA_PREFIX", "/conda", "PATH", "/bin");

        assertEquals(
                Map.of("VIRTUAL_ENV", "/its", "PATH", "/bin"),
                Interpreters.chosen(inherited, Map.of("VIRTUAL_ENV", "/its", "PATH", "/elsewhere")));
        assertEquals(
                Map.of("CONDA_PREFIX", "/its", "PATH", "/bin"),
                Interpreters.chosen(inherited, Map.of("CONDA_PREFIX", "/its")));
        assertEquals(inherited, Interpreters.chosen(inherited, Map.of("LANG", "C.UTF-8")));
    }

    @Test
    void folderAndLinkThatLeadsNowhereAreNamedAsWhatTheyAre() throws IOException {
        Path link = folder.resolve("venv/bin/python");
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, folder.resolve("gone"));

        String ofLink = assertThrows(StartFailed.class, () -> find(Map.of("VIRTUAL_ENV", home(link))))
                .getMessage();
        String ofFolder = assertThrows(
                        StartFailed.class, () -> interpreters(Map.of()).find(folder))
                .getMessage();

        assertTrue(ofLink.contains("VIRTUAL_ENV " + link + " (a link to a file that is gone)"), ofLink);
        assertTrue(ofFolder.contains("interpreter " + folder + " (a folder: name the executable in it)"), ofFolder);
    }

    @Test
    void eightCandidatesAreTriedAtMost() throws IOException {
        String[] folders = "a b c d e f g h i j".split(" ");
        for (String each : folders) {
            script(each + "/python3", "exit 9");
        }

        String text = assertThrows(StartFailed.class, () -> find(Map.of("PATH", path(folders))))
                .getMessage();

        assertEquals(8, text.split("exitCode=9").length - 1, text);
    }

    @Test
    void oneGivenByTheUserIsTheOnlyOneTried() throws IOException {
        answering("path/python3", "3.10.0", "/bin/sh");
        Path broken = script("broken", "exit 0");

        StartFailed failed = assertThrows(
                StartFailed.class,
                () -> interpreters(Map.of("PATH", path("path"))).find(broken));

        assertTrue(
                failed.getMessage()
                        .contains("tried: interpreter " + broken + " (not Python, exitCode=0, output=(none))"),
                failed.getMessage());
    }

    @Test
    void hungCandidateIsKilledWithWhatItStarted() throws IOException {
        Path pid = folder.resolve("pid");
        script("path/python3", "sleep 60 & echo $! > " + pid + "; wait");

        assertThrows(StartFailed.class, () -> find(Map.of("PATH", path("path"))));

        long sleeper = Long.parseLong(Files.readString(pid).strip());
        Children.await("the sleeper ends", () -> !Children.lives(sleeper));
    }

    @Test
    void answerIsRememberedUntilTheFileChanges() throws IOException {
        Path count = folder.resolve("count");
        Path python = script("path/python3", "echo x >> " + count + "; echo 'streamipc-probe 3.9.0 /bin/sh'");
        Map<String, String> environment = Map.of("PATH", path("path"));

        find(environment);
        find(environment);
        assertEquals(1, Files.readAllLines(count).size());

        Files.setLastModifiedTime(python, FileTime.fromMillis(1_000));
        find(environment);
        assertEquals(2, Files.readAllLines(count).size());
    }

    private Path find(Map<String, String> environment) {
        return interpreters(environment).find(null);
    }

    private static Interpreters interpreters(Map<String, String> environment) {
        return new Interpreters(environment, new InterpreterProbe(Duration.ofMillis(500)));
    }

    private Path answering(String file, String version, String executable) throws IOException {
        return script(file, "echo 'streamipc-probe " + version + " " + executable + "'");
    }

    private Path script(String file, String body) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "#!/bin/sh\n" + body + "\n");
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    }

    private static String home(Path python) {
        return python.getParent().getParent().toString();
    }

    private String path(String... folders) {
        StringBuilder path = new StringBuilder("/no/such/folder");
        for (String each : folders) {
            path.append(File.pathSeparator).append(folder.resolve(each));
        }
        return path.toString();
    }
}
