package dev.streamipc.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which cores the two processes of a side have. */
enum Placement {
    /** The scheduler decides. */
    FREE,
    /** Both share a core. */
    ONECORE,
    /** One core each. */
    SPLIT;

    private static final Path TASKSET = Path.of("/usr/bin/taskset");
    private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");

    String suffix() {
        return "." + name().toLowerCase(Locale.ROOT);
    }

    /** Null if it can be had; else the reason. */
    String hindrance() {
        if (this == FREE) {
            return null;
        }
        if (!Files.isExecutable(TASKSET)) {
            return "there is no taskset";
        }
        return this == SPLIT && cores().size() < 2 ? "there is one core only" : null;
    }

    /** Tells a side; it moves itself and its child, once they are warm. */
    Map<String, String> variables() {
        if (this == FREE) {
            return Map.of();
        }
        List<Integer> cores = cores();
        int child = this == ONECORE ? cores.get(0) : cores.get(cores.size() - 1);
        return Map.of("BENCH_CORE", Integer.toString(cores.get(0)), "BENCH_CHILD_CORE", Integer.toString(child));
    }

    /** Those that this process may use, from its status: "Cpus_allowed_list: 0-2,5". Some of them may be switched off. */
    private static List<Integer> cores() {
        List<Integer> cores = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("Cpus_allowed_list:")) {
                    addRanges(line.substring(line.indexOf(':') + 1).strip(), cores);
                }
            }
            if (Files.isReadable(ONLINE)) {
                List<Integer> online = new ArrayList<>();
                addRanges(Files.readString(ONLINE).strip(), online);
                cores.retainAll(online);
            }
        } catch (IOException e) {
            return List.of(0);
        }
        return cores;
    }

    private static void addRanges(String ranges, List<Integer> cores) {
        for (String range : ranges.split(",")) {
            String[] ends = range.split("-");
            for (int core = Integer.parseInt(ends[0]); core <= Integer.parseInt(ends[ends.length - 1]); core++) {
                cores.add(core);
            }
        }
    }
}
