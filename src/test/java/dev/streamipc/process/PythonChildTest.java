package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.StartFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class PythonChildTest {

    @TempDir
    Path folder;

    @Test
    void scriptCountsFromTheDirectoryAndRunsInUtf8() throws Exception {
        Files.writeString(folder.resolve("echo.py"), """
                import os, sys
                print(sys.flags.utf8_mode, sys.executable, os.getcwd(), *sys.argv, sep="\\n")
                """);
        Child child = Child.python("echo.py").directory(folder).arguments("a b", "grüße", "-x");

        List<String> lines = Children.output(child).lines().toList();

        Path executable = Interpreters.ofThisJvm().find(null);
        assertEquals(
                List.of(
                        "1",
                        executable.toString(),
                        folder.toRealPath().toString(),
                        folder.resolve("echo.py").toString(),
                        "a b",
                        "grüße",
                        "-x"),
                lines);
    }

    @Test
    void shimIsRunOnceAndThenWhatItChose() throws Exception {
        Path real = Interpreters.ofThisJvm().find(null);
        Path shim = Files.writeString(
                folder.resolve("python3"), "#!/bin/sh\necho x >> '" + folder + "/runs'\nexec '" + real + "' \"$@\"\n");
        Files.setPosixFilePermissions(shim, PosixFilePermissions.fromString("rwx------"));
        Child child = whoRuns().interpreter(shim);

        assertEquals(real + "\n", Children.output(child));
        assertEquals(real + "\n", Children.output(child));
        assertEquals(1, Files.readAllLines(folder.resolve("runs")).size());
    }

    @Test
    void environmentThatTheChildIsGivenIsTheOneThatItRunsIn() throws Exception {
        Path real = Interpreters.ofThisJvm().find(null);
        Path venv = folder.resolve("venv");
        Process made = new ProcessBuilder(real.toString(), "-m", "venv", "--without-pip", venv.toString())
                .inheritIO()
                .start();
        assertEquals(0, made.waitFor());

        assertEquals(
                venv.resolve("bin/python") + "\n",
                Children.output(whoRuns().environment("VIRTUAL_ENV", venv.toString())));
    }

    private Child whoRuns() throws IOException {
        return Child.python(Files.writeString(folder.resolve("who.py"), "import sys; print(sys.executable)"));
    }

    @Test
    void missingScriptNamesThePathTried() {
        Child child = Child.python("gone.py").directory(folder);

        String text =
                assertThrows(StartFailed.class, () -> ChildProcess.start(child)).getMessage();

        assertEquals("start failed: no such script, tried=" + folder.resolve("gone.py"), text);
    }

    @Test
    void interpreterOfTheUsersIsAsked() throws Exception {
        Path script = Files.writeString(folder.resolve("x.py"), "");
        Child child = Child.python(script).interpreter(Path.of("/bin/sh"));

        String text =
                assertThrows(StartFailed.class, () -> ChildProcess.start(child)).getMessage();

        assertTrue(text.contains("tried: interpreter /bin/sh (not Python, exitCode="), text);
    }

    @Test
    void helperStandsBeforeTheModulesOfTheUser() {
        Map<String, String> set = new TreeMap<>(Map.of("PYTHONPATH", "/mine"));
        Map<String, String> empty = new TreeMap<>(Map.of("PYTHONPATH", ""));
        Map<String, String> none = new TreeMap<>();

        List.of(set, empty, none).forEach(each -> PythonCommand.prepend(each, "/helper"));

        assertEquals("/helper:/mine", set.get("PYTHONPATH"));
        assertEquals("/helper", empty.get("PYTHONPATH"));
        assertEquals("/helper", none.get("PYTHONPATH"));
    }
}
