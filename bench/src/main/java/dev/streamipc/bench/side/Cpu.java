package dev.streamipc.bench.side;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** The CPU that two processes use while they have nothing to do, in percent of a core; Linux only. */
public final class Cpu {

    private static final long IDLE_NANOS = 2_000_000_000L;
    private static final long SETTLE_NANOS = 1_000_000_000L;

    private Cpu() {}

    /** Tells it of this process and its child, a round at a time. */
    public static void answer(long child) throws Exception {
        if (!Files.isReadable(Path.of("/proc/self/schedstat"))) {
            Turns.lack("there is no /proc/self/schedstat");
        }
        LockSupport.parkNanos(SETTLE_NANOS);
        Turns.answer(0, () -> new double[] {idlePercent(child)});
    }

    private static double idlePercent(long child) throws IOException {
        Path own = Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "task");
        Path other = Path.of("/proc", Long.toString(child), "task");
        double before = nanos(own) + nanos(other);
        long start = System.nanoTime();
        LockSupport.parkNanos(IDLE_NANOS);
        return (nanos(own) + nanos(other) - before) * 100 / (System.nanoTime() - start);
    }

    /** Of all threads, to the nanosecond: "cpu-ns wait-ns slices". */
    private static double nanos(Path tasks) throws IOException {
        double sum = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                try {
                    sum += Double.parseDouble(
                            Files.readString(thread.resolve("schedstat")).split(" ")[0]);
                } catch (NoSuchFileException ended) {
                    continue;
                }
            }
        }
        return sum;
    }
}
