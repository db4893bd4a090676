package dev.streamipc.sample.dispatch;

import dev.streamipc.sample.SampleRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs of the command that users type, as in a terminal with colours. */
final class ShowRun {

    static final Path HOME = Path.of("samples/dispatch").toAbsolutePath();
    private static final Map<String, String> TERMINAL = Map.of("TERM", "xterm", "NO_COLOR", "");

    private ShowRun() {}

    /** Builds the sample. */
    static void prepare() throws IOException, InterruptedException {
        SampleRun.prepare("dispatch");
        try (SampleRun run = start("--help")) {
            if (run.status() != 0 || !run.stdout().equals(Arguments.USAGE + "\n")) {
                throw new AssertionError(run.stderr());
            }
        }
    }

    static SampleRun start(Object... arguments) throws IOException {
        return SampleRun.start(HOME, TERMINAL, arguments);
    }

    static SampleRun startCommand(List<String> command) throws IOException {
        return SampleRun.startCommand(TERMINAL, command);
    }
}
