package dev.streamipc.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the workers of a pool have written.
 *
 * @param lines in the order in which they were written
 * @param torn lines that are none
 */
record PoolLedger(List<Line> lines, List<String> torn) {

    /** In the environment of the workers: the file that all append to. */
    static final String FILE = "STREAMIPC_LEDGER";

    /** Each line is filled up with blanks: so many fit a page without a rest. */
    static final int LINE_BYTES = 64;

    /** A worker has begun a task, or ended it. */
    record Line(boolean isBegin, int id, int attempt, long pid) {}

    static PoolLedger read(Path file) throws IOException {
        List<Line> lines = new ArrayList<>();
        List<String> torn = new ArrayList<>();
        if (Files.exists(file)) {
            for (String padded : Files.readAllLines(file)) {
                String line = padded.stripTrailing();
                if (line.matches("BEGIN \\d+ \\d+ \\d+")) {
                    String[] words = line.split(" ");
                    lines.add(new Line(
                            true, Integer.parseInt(words[1]), Integer.parseInt(words[2]), Long.parseLong(words[3])));
                } else if (line.matches("END \\d+")) {
                    lines.add(new Line(false, Integer.parseInt(line.substring(4)), 0, 0));
                } else {
                    torn.add("torn line: " + line);
                }
            }
        }
        return new PoolLedger(lines, torn);
    }
}
