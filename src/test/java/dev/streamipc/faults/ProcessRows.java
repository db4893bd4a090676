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

    static final List<Row> ALL = List.of(kill("kill.idle", "nothing is asked and nothing runs"));

    private ProcessRows() {}

    private static Row kill(String id, String what) {
        return new Row(KILLS, id, what, EVERY, 5, 100);
    }
}
