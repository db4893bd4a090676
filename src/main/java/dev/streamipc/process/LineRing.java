package dev.streamipc.process;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last lines of a child, for its exit report. Safe for all threads. */
final class LineRing {

    static final int MAX_LINES = 100;

    // guarded by this
    private final Deque<String> lines = new ArrayDeque<>();

    synchronized void add(String line) {
        if (lines.size() == MAX_LINES) {
            lines.removeFirst();
        }
        lines.addLast(line);
    }

    synchronized List<String> snapshot() {
        return List.copyOf(lines);
    }
}
