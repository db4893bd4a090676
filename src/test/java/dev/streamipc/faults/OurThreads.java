package dev.streamipc.faults;

import dev.streamipc.channel.Eventually;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The library's threads, by name: a row shows with them that none is left behind it. */
final class OurThreads {

    /** One for the whole JVM, and it stays. */
    private static final String TIMER = "streamipc-timer";

    private OurThreads() {}

    /** Returns those that run now. */
    static Set<String> now() {
        Set<String> names = new TreeSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("streamipc-") && !thread.getName().equals(TIMER)) {
                names.add(thread.getName());
            }
        }
        return names;
    }

    /** Waits until only threads of the baseline run, and returns one violation for each that does not end. */
    static List<String> leftSince(Set<String> baseline) throws Exception {
        try {
            Eventually.await("no thread is left", () -> baseline.containsAll(now()));
            return List.of();
        } catch (AssertionError late) {
            Set<String> left = now();
            left.removeAll(baseline);
            return left.stream().map(name -> "thread left: name=" + name).toList();
        }
    }
}
