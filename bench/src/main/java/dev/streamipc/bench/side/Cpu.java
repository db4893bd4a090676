package dev.streamipc.bench.side;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** The CPU that a parent and its child use while they have nothing to do, in percent of a core; Linux only. */
public final class Cpu {

    private static final long IDLE_NANOS = 2_000_000_000L;
    private static final long SETTLE_NANOS = 1_000_000_000L;
    private static final String OURS = "streamipc";
    private static final String MAIN = "java";

    private Cpu() {}

    /**
     * Tells it of this process and its child, a round at a time.
     *
     * @param child its process
     * @param isOursOnly whether only the threads of this library count, and the main thread of the child, which serves
     */
    public static void answer(long child, boolean isOursOnly) throws Exception {
        if (!Files.isReadable(Path.of("/proc/self/schedstat"))) {
            Turns.lack("there is no /proc/self/schedstat");
        }
        LockSupport.parkNanos(SETTLE_NANOS);
        Predicate<String> own = name -> !isOursOnly || name.startsWith(OURS);
        Predicate<String> other = own.or(MAIN::equals);
        long parent = ProcessHandle.current().pid();
        Turns.answer(0, () -> new double[] {
            idlePercent(() -> nanos(parent, own) + nanos(child, other)),
        });
    }

    private static double idlePercent(Callable<Double> nanos) throws Exception {
        double before = nanos.call();
        long start = System.nanoTime();
        LockSupport.parkNanos(IDLE_NANOS);
        return (nanos.call() - before) * 100 / (System.nanoTime() - start);
    }

    /** Of all threads of such names, to the nanosecond: "cpu-ns wait-ns slices". */
    private static double nanos(long process, Predicate<String> names) throws IOException {
        double sum = 0;
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(process), "task"))) {
            for (Path thread : threads) {
                sum += nanos(thread, names);
            }
        }
        return sum;
    }

    private static double nanos(Path thread, Predicate<String> names) throws IOException {
        try {
            boolean counts = names.test(Files.readString(thread.resolve("comm")).strip());
            return counts
                    ? Double.parseDouble(
                            Files.readString(thread.resolve("schedstat")).split(" ")[0])
                    : 0;
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }
}
