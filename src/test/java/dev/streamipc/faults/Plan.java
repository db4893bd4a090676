package dev.streamipc.faults;

import java.util.List;
import java.util.stream.Stream;

/** Every row of the matrix: what has to be run is compared with what was run. */
public final class Plan {

    private static final List<Row> ROWS = Stream.of(ProcessRows.ALL, PoolRows.ALL, WireRows.ALL)
            .flatMap(List::stream)
            .toList();

    private Plan() {}

    /** Returns all rows, those of a group one behind the other. */
    public static List<Row> rows() {
        return ROWS;
    }

    /** Returns a row; a name that is not in the plan is a fault of the test. */
    public static Row row(String id) {
        return ROWS.stream()
                .filter(row -> row.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("not in the plan: row=" + id));
    }
}
