package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.streamipc.process.Child;
import dev.streamipc.process.ChildProcess;
import dev.streamipc.process.RecordedLogs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NamedLinesTest {

    private static final String SCRIPT = Samples.PYTHON_SESSION + """
            import os, sys, threading

            def say(text):
                print(text, file=sys.stderr, flush=True)

            def await_printing(wanted):
                while os.path.exists(sys.argv[1]) != wanted:
                    threading.Event().wait(0.001)

            @session.on_request(Ask)
            def handle(ask):
                await_printing(True)
                say(ask.text)
                await_printing(False)
                return Answer(ask.text)

            @session.on_message(LogMessage)
            def log(note):
                say(note.message)

            session.serve()
            """;

    @TempDir
    Path folder;

    @Test
    void lineNamesTheCallWhereOnlyOneIsInFlight() throws Exception {
        Path script = Files.writeString(folder.resolve("named.py"), SCRIPT);
        ChildProcess parent = ChildProcess.start(Child.java(NamedLinesMain.class)
                .jvmOptions(RecordedLogs.OPTION)
                .arguments(script.toString(), folder.resolve("printing").toString()));

        String printed = new String(parent.process().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        parent.stop(Duration.ofSeconds(5));

        assertEquals("""
                call=1 type=Ask under one call|1|Ask
                under no call|null|null
                under two calls|null|null
                call=3 type=Ask the second|3|Ask
                """, printed);
    }
}
