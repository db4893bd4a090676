package dev.streamipc.bench.side;

import java.io.IOException;

/** Puts a child onto the core that the harness wants it on. */
public final class Pin {

    private Pin() {}

    /** Moves all threads of the process; does nothing where no core is named. */
    public static void child(long pid) throws IOException, InterruptedException {
        String core = System.getenv().getOrDefault("BENCH_CORE", "");
        if (core.isEmpty()) {
            return;
        }
        Process taskset = new ProcessBuilder("taskset", "-a", "-c", "-p", core, Long.toString(pid))
                .redirectErrorStream(true)
                .start();
        taskset.getInputStream().readAllBytes();
        if (taskset.waitFor() != 0) {
            throw new IOException("child could not be moved: core=" + core + ", pid=" + pid);
        }
    }
}
