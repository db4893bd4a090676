package dev.streamipc.bench.side;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Puts both processes of a side onto the cores that the harness wants them on, once they are warm. */
public final class Pin {

    private static final List<Long> CHILDREN = new ArrayList<>();

    private Pin() {}

    /** Names a child that is to be moved with this process. */
    public static void child(long pid) {
        CHILDREN.add(pid);
    }

    /** Moves all threads of all of them; returns false where no core is named. */
    static boolean apply() throws IOException, InterruptedException {
        String core = System.getenv().getOrDefault("BENCH_CORE", "");
        if (core.isEmpty()) {
            return false;
        }
        for (long child : CHILDREN) {
            move(child, System.getenv("BENCH_CHILD_CORE"));
        }
        move(ProcessHandle.current().pid(), core);
        return true;
    }

    private static void move(long pid, String core) throws IOException, InterruptedException {
        Process taskset = new ProcessBuilder("taskset", "-a", "-c", "-p", core, Long.toString(pid))
                .redirectErrorStream(true)
                .start();
        taskset.getInputStream().readAllBytes();
        if (taskset.waitFor() != 0) {
            throw new IOException("process could not be moved: core=" + core + ", pid=" + pid);
        }
    }
}
