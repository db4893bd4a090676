package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.streamipc.process.Child;
import dev.streamipc.process.ChildProcess;
import dev.streamipc.process.RecordedLogs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SecretsTest {

    @TempDir
    Path folder;

    @Test
    void secretsAreNeitherLoggedNorShownNorOnACommandLine() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "needs Linux");
        Path script = Files.writeString(folder.resolve("echo.py"), Samples.PYTHON_SESSION + """
                @session.on_request(Ask)
                def handle(ask):
                    return Answer(ask.text)

                session.serve()
                """);
        Path library = Path.of("python/src").toAbsolutePath();

        ChildProcess parent = ChildProcess.start(Child.java(SecretsMain.class)
                .jvmOptions(RecordedLogs.OPTION)
                .environment(SecretsMain.VARIABLE, SecretsMain.SECRET + "-of-environment")
                .arguments(script.toString(), library.toString()));
        String said = new String(parent.process().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        parent.stop(Duration.ofSeconds(5));

        List<String> lines = said.lines().toList();
        assertEquals(3, lines.stream().filter("answered=17 given=true"::equals).count(), said);
        for (String shown : List.of("child started", "SIGKILL", "no such executable", SecretsMain.VARIABLE)) {
            assertTrue(said.contains(shown), shown + " in " + said);
        }
        assertFalse(said.contains(SecretsMain.SECRET), said);
    }
}
