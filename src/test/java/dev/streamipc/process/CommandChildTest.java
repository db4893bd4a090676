package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.streamipc.message.Certainty;
import dev.streamipc.message.StartFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class CommandChildTest {

    private static final String PRINT_ARGUMENTS = "for a; do printf '%s\\1' \"$a\"; done";

    @TempDir
    Path folder;

    @Test
    void argumentsArriveAsTheyAre() throws Exception {
        String[] words = {"two  words", "\"'\\", "; exit 9", "$(id) `id` $HOME *", "line\nbreak\t", "-n", "", "@x", "%d"
        };

        assertArrayEquals(
                words, Children.output(Children.sh(PRINT_ARGUMENTS, words)).split("\1"));
    }

    @Test
    void charactersBeyondAsciiArriveAsTheyAre() throws Exception {
        String word = "grüße \u4e16\u754c \ud83d\ude00";
        assumeTrue(WordEncoding.CHARSET.newEncoder().canEncode(word), "needs a UTF-8 locale");

        Child child =
                Children.sh(PRINT_ARGUMENTS + "; printf %s \"$WORD\"", word).environment("WORD", word);

        assertEquals(word + "\1" + word, Children.output(child));
    }

    @Test
    void charactersThatWouldBecomeQuestionMarksAreRefused() {
        StartFailed failed = assertThrows(
                StartFailed.class,
                () -> WordEncoding.check("an argument", List.of("a", "ü"), List.of(), StandardCharsets.US_ASCII));

        assertEquals(
                "start failed: an argument has a character that the encoding for processes can't carry,"
                        + " encoding=US-ASCII; start this JVM under a UTF-8 locale such as LC_ALL=C.UTF-8",
                failed.getMessage());
    }

    @Test
    void environmentAndDirectoryAreSet() throws Exception {
        Child child = Children.sh("echo \"$A|${B-none}|$(pwd)\"")
                .inheritOnly("PATH")
                .environment("A", "a b")
                .directory(folder);

        assertEquals("a b|none|" + folder.toRealPath() + "\n", Children.output(child));
    }

    @Test
    void missingExecutableNamesThePathTried() {
        StartFailed failed = failure(Child.command("./no/such").directory(folder));

        assertEquals(
                "start failed: no such executable, tried=" + folder.resolve("./no/such") + ", command=[./no/such]",
                failed.getMessage());
        assertEquals(Certainty.NOT_EXECUTED, failed.certainty());
        assertEquals(List.of("./no/such"), failed.command());
        assertTrue(failed.getCause() instanceof IOException);
    }

    @Test
    void executableThatIsNotOnThePathNamesThePath() {
        String text = failure(Child.command("no-such-program-here")).getMessage();

        assertTrue(
                text.startsWith("start failed: the executable could not be run, executable=no-such-program-here,"
                        + " PATH=" + System.getenv("PATH")),
                text);
    }

    @Test
    void fileWithoutPermissionIsToldFromOneThatCanNotRun() throws IOException {
        Path script = Files.writeString(folder.resolve("script"), "#!/no/such/interpreter\n");

        String noBit = failure(Child.command(script.toString())).getMessage();
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        String noInterpreter = failure(Child.command(script.toString())).getMessage();
        String directory = failure(Child.command(folder.toString())).getMessage();

        assertTrue(noBit.contains("may not be executed (no x bit), tried=" + script), noBit);
        assertTrue(noInterpreter.contains("or the interpreter in its first line, could not be run"), noInterpreter);
        assertTrue(directory.contains("the executable is a directory, tried=" + folder), directory);
    }

    @Test
    void missingDirectoryIsNamed() {
        Path missing = folder.resolve("gone");

        String text = failure(Child.command("cat").directory(missing)).getMessage();

        assertEquals("start failed: the working directory is no directory, tried=" + missing, text);
    }

    @Test
    void failureToldByALaunchOfTheUsersKeepsItsCause() {
        IOException cause = new IOException("no more today");

        StartFailed failed = assertThrows(
                StartFailed.class,
                () -> ChildProcess.start(Child.command("/bin/cat"), builder -> {
                    throw cause;
                }));

        assertEquals(cause, failed.getCause());
        assertTrue(failed.getMessage().contains("said=no more today"), failed.getMessage());
    }

    @Test
    void valuesOfVariablesStayOutOfTheFailure() {
        StartFailed failed = failure(Child.command("/no/such").environment("TOKEN", "secret"));

        assertFalse(failed.toString().contains("secret"));
    }

    private static StartFailed failure(Child child) {
        return assertThrows(StartFailed.class, () -> ChildProcess.start(child));
    }
}
