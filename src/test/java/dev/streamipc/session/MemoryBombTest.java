package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.streamipc.message.Certainty;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.ExitReport;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.process.Child;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Children under a memory limit whose handlers want more, and what the parent hears of it. */
@Timeout(60)
class MemoryBombTest {

    private static final CallOptions TELLING = CallOptions.DEFAULT.tellingStarted();

    @TempDir
    Path folder;

    private final IpcPeer peer = IpcPeer.builder().messages(Samples.ALL).build();

    @AfterEach
    void close() {
        peer.close();
    }

    private IpcSession java() {
        return peer.spawn(Child.java(CrashChild.class)
                .memoryLimit(48 << 20)
                .arguments("pump", folder.resolve("ledger").toString()));
    }

    @Test
    void javaChildDiesOfItAndTheParentGoesOn() {
        IpcSession session = java();
        session.call(new Ask("warm"));

        IpcFailure failure = assertThrows(IpcFailure.class, () -> session.call(new Ask("memory"), TELLING));

        // on a busy machine the end of the stream may be seen long before that of the process
        assertTrue(failure instanceof ChildDied || failure instanceof SessionClosed, failure::toString);
        assertEquals(Certainty.EXECUTED, failure.certainty());
        ExitReport report = session.exited().join();
        assertEquals(3, report.exitCode().orElseThrow());
        assertTrue(report.guess().startsWith("out of memory"), report.guess());
        assertTrue(report.guess().endsWith(", limit=-Xmx50331648"), report.guess());
        assertEquals(new Answer("next"), java().call(new Ask("next")));
    }

    @Test
    void pythonChildFailsThatCallAndServesTheNext() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "needs prlimit");
        Path script = Files.writeString(folder.resolve("bomb.py"), Samples.PYTHON_SESSION + """
                import sys

                @session.on_request(Ask)
                def handle(ask):
                    print("working on", ask.text, file=sys.stderr, flush=True)
                    return Answer(str(len(bytearray(1 << 30))) if ask.text == "bomb" else ask.text)

                session.serve()
                """);
        IpcSession session = peer.spawn(Child.python(script).memoryLimit(512 << 20));
        long pid = session.processOrThrow().pid();

        RemoteFailure failure = assertThrows(RemoteFailure.class, () -> session.call(new Ask("bomb")));

        assertEquals("MemoryError", failure.remoteType());
        assertEquals(new Answer("next"), session.call(new Ask("next")));
        assertEquals(pid, session.process().orElseThrow().pid());
    }
}
