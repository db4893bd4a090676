package dev.streamipc.bench;

import dev.streamipc.bench.raw.BareStart;
import dev.streamipc.bench.side.Replaced;
import dev.streamipc.bench.side.Start;
import java.util.List;

/** P8: how soon a child answers, beside a process that does nothing. */
final class StartRows {

    private static final String JVM = "bare-JVM";
    private static final String PYTHON = "bare-Python";

    private StartRows() {}

    static List<Heat> heats() {
        String python = Python.program();
        return List.of(new Heat("starts")
                .rounds(7)
                .lane("plain", Command.ours(Start.class, "plain"))
                .lane("archive", Command.ours(Start.class, "archive", Command.file("target/archives")))
                .lane("python", Command.ours(Start.class, "python", Command.file("children/echo.py"), python))
                .lane("replaced", Command.ours(Replaced.class, Command.file("target/archives.workers")))
                .lane(JVM, Command.ours(BareStart.class))
                .lane(PYTHON, Command.ours(BareStart.class, python))
                .row(Row.of("P8.plain", "plain", JVM, "ms").target(Target.ratioAtMost(2.5)))
                .row(Row.of("P8.archive", "archive", JVM, "ms")
                        .target(Target.ratioAtMost(2.5))
                        .with("classArchive"))
                .row(Row.of("P8.python", "python", PYTHON, "ms"))
                .row(Row.of("P8.replaced", "replaced", JVM, "ms").target(Target.ratioAtMost(2.5))));
    }
}
