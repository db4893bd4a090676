package dev.streamipc.faults;

import static dev.streamipc.faults.Combo.JSON_JAVA_PUMP;
import static dev.streamipc.faults.Combo.JSON_JAVA_READER;
import static dev.streamipc.faults.Combo.JSON_PYTHON;
import static dev.streamipc.faults.Combo.KRYO_JAVA_PUMP;
import static dev.streamipc.faults.Combo.KRYO_JAVA_READER;

import java.util.List;

/** Faults of processes: children and parents that are killed, stopped, or harm themselves. */
final class ProcessRows {

    private static final List<Combo> EVERY =
            List.of(KRYO_JAVA_READER, KRYO_JAVA_PUMP, JSON_JAVA_READER, JSON_JAVA_PUMP, JSON_PYTHON);

    private static final String KILLS = "kill -9 of the child";

    static final List<Row> ALL = List.of(
            kill("kill.before-hello", "before HELLO"),
            kill("kill.before-ready", "after HELLO, before READY"),
            kill("kill.idle", "idle"),
            kill("kill.request-half-written", "half a request written"),
            kill("kill.request-unstarted", "request read but not started"),
            kill("kill.handler-running", "handler running"),
            kill("kill.reply-half-written", "half a reply written"),
            kill("kill.reply-unread", "reply written before the parent reads it"),
            kill("kill.closing", "during close"),
            kill("kill.broadcast", "during a broadcast"),
            kill("kill.full-pipe", "with a full pipe"));

    private ProcessRows() {}

    private static Row kill(String id, String what) {
        return new Row(KILLS, id, what, EVERY, 5, 100);
    }
}
