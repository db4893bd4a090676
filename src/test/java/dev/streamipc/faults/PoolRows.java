package dev.streamipc.faults;

import static dev.streamipc.faults.Combo.JSON_PYTHON;
import static dev.streamipc.faults.Combo.KRYO_JAVA_PUMP;

import java.util.List;

/** Faults of the workers of a pool. */
final class PoolRows {

    private static final String GROUP = "Pools whose workers die, hang, or never come";
    private static final List<Combo> BOTH = List.of(KRYO_JAVA_PUMP, JSON_PYTHON);

    static final List<Row> ALL =
            List.of(new Row(GROUP, "pool.kills", "50 random kills of 4 workers under load", BOTH, 2, 100));

    private PoolRows() {}
}
