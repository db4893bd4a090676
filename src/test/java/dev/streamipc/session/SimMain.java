package dev.streamipc.session;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * Runs seeds of the simulation, as many at once as there are processors, and names those that broke a promise. Arguments:
 * the first seed, how many, and after how many that failed to stop, if not three; or one seed, whose trace is printed.
 */
public final class SimMain {

    private static final int TWICE_EACH = 100;
    private static final int ENOUGH_FAILED = 3;

    private SimMain() {}

    public static void main(String[] arguments) {
        long first = Long.parseLong(arguments[0]);
        if (arguments.length == 1) {
            SimRun.Result result = SimRun.of(first, true);
            result.lines().forEach(System.out::println);
            result.broken().forEach(promise -> System.out.println("broken: " + promise));
            System.exit(result.broken().isEmpty() ? 0 : 1);
        }
        int enough = arguments.length > 2 ? Integer.parseInt(arguments[2]) : ENOUGH_FAILED;
        System.exit(runAll(first, Long.parseLong(arguments[1]), enough) ? 0 : 1);
    }

    private static boolean runAll(long first, long count, int enough) {
        long startNanos = System.nanoTime();
        AtomicLong steps = new AtomicLong();
        Map<String, Long> outcomes = new ConcurrentSkipListMap<>();
        Queue<Long> failed = new ConcurrentLinkedQueue<>();
        LongStream.range(first, first + count).parallel().forEach(seed -> {
            if (failed.size() >= enough) {
                return;
            }
            SimRun.Result result = SimRun.of(seed, false);
            steps.addAndGet(result.steps());
            result.outcomes().forEach(outcome -> outcomes.merge(outcome, 1L, Long::sum));
            boolean same = seed % TWICE_EACH != 0 || SimRun.of(seed, false).traceHash() == result.traceHash();
            if (!same || !result.broken().isEmpty()) {
                failed.add(seed);
                System.out.println("seed " + seed + ": " + (same ? result.broken() : "two runs differ"));
            }
        });
        System.out.println("seeds=" + count + " failed=" + failed.size() + " steps=" + steps + " ms="
                + (System.nanoTime() - startNanos) / 1_000_000);
        outcomes.forEach((outcome, times) -> System.out.println(times + " " + outcome));
        return failed.isEmpty();
    }
}
