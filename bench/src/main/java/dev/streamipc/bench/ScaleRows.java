package dev.streamipc.bench;

import dev.streamipc.bench.raw.RawKill;
import dev.streamipc.bench.side.Kill;
import dev.streamipc.bench.side.ManySessions;
import java.util.List;

/** P10 and P12: many sessions in the place of one, and how soon a death is known. */
final class ScaleRows {

    private static final String ONE = "one-session";

    private ScaleRows() {}

    static List<Heat> heats() {
        Heat sessions = new Heat("sessions")
                .lane("hundred", Command.ours(ManySessions.class, "100", "throughput"))
                .lane(ONE, Command.ours(ManySessions.class, "1", "throughput"))
                .row(Row.of("P10.sessions", "hundred", ONE, "req/s").target(Target.ratioAtLeast(0.9)));
        Heat paced = new Heat("sessions.paced")
                .lane("hundred", Command.ours(ManySessions.class, "100", "p99"))
                .lane(ONE, Command.ours(ManySessions.class, "1", "p99"))
                .row(Row.of("P10.p99", "hundred", ONE, "us").target(Target.ratioAtMost(2)));
        Heat kills = new Heat("kills")
                .lane("calls", Command.ours(Kill.class))
                .lane("bare-exit", Command.ours(RawKill.class))
                .row(Row.of("P12", "calls", "bare-exit", "ms").quantile(0.99).target(Target.oursAtMost(50)));
        return List.of(sessions, paced, kills);
    }
}
