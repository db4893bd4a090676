import dev.streamipc.dispatch.Dispatcher;
import dev.streamipc.dispatch.ProcessDispatcher;
import dev.streamipc.dispatch.QueueFull;
import dev.streamipc.dispatch.WorkerState;
import dev.streamipc.process.Child;
import dev.streamipc.supervise.Backoff;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** The figures of the dispatcher, each in turn with its baseline. One line a figure on stdout. */
public final class DispatchFigures {

    private static final int WORKERS = 2;

    private DispatchFigures() {}

    /** One side of a comparison; returns a figure a round. */
    private interface Round {
        double measure() throws Exception;
    }

    /** Runs all rows. */
    public static void main(String[] arguments) throws Exception {
        boolean isFull = arguments[0].equals("full");
        int rounds = isFull ? 11 : 5;
        int count = isFull ? 200_000 : 100_000;
        Path home = Path.of(System.getProperty("bench.home"));
        System.out.println("# Java " + Runtime.version() + ", cores=" + Runtime.getRuntime().availableProcessors()
                + ", load=" + ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage() + ", "
                + arguments[0]);
        try (Executor executor = new Executor(home)) {
            Child python = Child.python(home.resolve("noop.py"));
            throughput("P6.jvm.prefetch1", 2, 1, rounds, count / 5, null, executor);
            throughput("P6.jvm.prefetch64", 25, 64, rounds, count, null, executor);
            throughput("P7.python.prefetch1", 1.5, 1, rounds, count / 10, python, executor);
            throughput("P7.python.prefetch64", 5, 64, rounds, count / 2, python, executor);
        }
        replaced(isFull ? 20 : 7);
        memory(isFull ? 1_000_000 : 200_000);
    }

    private static ProcessDispatcher.Builder builder(Child python) {
        return (python == null ? ProcessDispatcher.builder(Noop.class) : ProcessDispatcher.builder(python))
                .messages(Noop.Task.class, Noop.Crash.class)
                .workers(WORKERS)
                .queueFull(QueueFull.WAIT);
    }

    private static void throughput(
            String id, double target, int prefetch, int rounds, int count, Child python, Executor executor)
            throws Exception {
        try (Dispatcher pool = builder(python).prefetch(prefetch).queueCapacity(4_096).build()) {
            Round ours = () -> tasks(pool, count);
            Round baseline = () -> executor.tasks(20_000);
            for (int warm = 0; warm < 3; warm++) {
                ours.measure();
                baseline.measure();
            }
            double[][] seen = interleave(ours, baseline, rounds);
            print(id, seen, "tasks/s", "ProcessPoolExecutor(2)", ">= " + target + "x", median(seen[0]) / median(seen[1]) >= target);
        }
    }

    private static double tasks(Dispatcher pool, int count) {
        CompletableFuture<?>[] calls = new CompletableFuture<?>[count];
        long start = System.nanoTime();
        for (int number = 0; number < count; number++) {
            calls[number] = pool.call(new Noop.Task(number));
        }
        for (CompletableFuture<?> call : calls) {
            call.join();
        }
        return count * 1e9 / (System.nanoTime() - start);
    }

    /** From the crash of a worker to a pool that is whole again; the backoff is left out, which is a choice and no cost. */
    private static void replaced(int rounds) throws Exception {
        try (Dispatcher pool = builder(null).backoff(Backoff.NONE).restarts(1_000, java.time.Duration.ofSeconds(1)).build()) {
            Round ours = () -> {
                long start = System.nanoTime();
                pool.call(new Noop.Crash()).exceptionally(died -> null).join();
                while (pool.stats().workers(WorkerState.IDLE) < WORKERS) {
                    LockSupport.parkNanos(200_000);
                }
                return (System.nanoTime() - start) / 1e6;
            };
            for (int warm = 0; warm < 6; warm++) {
                ours.measure();
                LockSupport.parkNanos(1_000_000_000L);
            }
            double[][] seen = interleave(ours, DispatchFigures::bareStart, rounds);
            print("P8.replaced", seen, "ms", "bare JVM", "<= 2.5x", median(seen[0]) / median(seen[1]) <= 2.5);
        }
    }

    private static double bareStart() throws IOException {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "Bare")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = process.inputReader()) {
            out.readLine();
        }
        return (System.nanoTime() - start) / 1e6;
    }

    /** What the heap holds behind many tasks, beside what it held before. */
    private static void memory(int count) {
        try (Dispatcher pool = builder(null).prefetch(64).queueCapacity(count).build()) {
            tasks(pool, 20_000);
            double before = heapBytes();
            tasks(pool, count);
            double after = heapBytes();
            print("dispatch.heap." + count, new double[][] {{after}, {before}}, "bytes", "before", "<= 1.1x", after <= 1.1 * before);
        }
    }

    private static double heapBytes() {
        for (int times = 0; times < 5; times++) {
            System.gc();
            LockSupport.parkNanos(50_000_000);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static double[][] interleave(Round ours, Round baseline, int rounds) throws Exception {
        double[][] seen = new double[2][rounds];
        for (int round = 0; round < rounds; round++) {
            seen[0][round] = ours.measure();
            seen[1][round] = baseline.measure();
        }
        return seen;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void print(String id, double[][] seen, String unit, String against, String target, boolean isMet) {
        double ours = median(seen[0]);
        double baseline = median(seen[1]);
        System.out.println(String.format(
                Locale.ROOT,
                "METRIC %s ours=%.1f baseline=%.1f ratio=%.2f unit=%s against=%s oursSpread=%s baselineSpread=%s target=\"%s\" %s",
                id,
                ours,
                baseline,
                ours / baseline,
                unit,
                against,
                spread(seen[0]),
                spread(seen[1]),
                target,
                isMet ? "met" : "MISSED"));
    }

    private static String spread(double[] values) {
        return String.format(
                Locale.ROOT,
                "%.1f..%.1f",
                Arrays.stream(values).min().orElse(0),
                Arrays.stream(values).max().orElse(0));
    }

    /** Python's own pool, which lives through all rounds. */
    private static final class Executor implements AutoCloseable {

        private final Process process;
        private final PrintStream in;
        private final BufferedReader out;

        Executor(Path home) throws IOException {
            List<String> command = new ArrayList<>(List.of("python3", home.resolve("executor.py").toString()));
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
            out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        double tasks(int count) throws IOException {
            in.println(count);
            return Double.parseDouble(out.readLine());
        }

        @Override
        public void close() {
            in.close();
        }
    }
}
