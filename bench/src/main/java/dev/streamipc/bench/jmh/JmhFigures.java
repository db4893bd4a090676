package dev.streamipc.bench.jmh;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the set, and tells each figure beside another one of it: a line each, as the harness passes them on. */
public final class JmhFigures {

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private JmhFigures() {}

    /** Takes quick or full, and the file for what JMH says meanwhile. */
    public static void main(String[] words) throws Exception {
        boolean isFull = words[0].equals("full");
        Options options = new OptionsBuilder()
                .include("dev\\.streamipc\\.bench\\.jmh\\..*")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(isFull ? 3 : 1)
                .warmupIterations(isFull ? 5 : 3)
                .warmupTime(TimeValue.milliseconds(isFull ? 1_000 : 200))
                .measurementIterations(5)
                .measurementTime(TimeValue.milliseconds(isFull ? 1_000 : 200))
                .addProfiler(GCProfiler.class)
                .output(words[1])
                .build();
        Map<String, RunResult> results = byName(new Runner(options).run());
        tell("jmh.encode", results, "Codecs.encode.kryo", "Codecs.encode.json");
        tell("jmh.decode", results, "Codecs.decode.kryo", "Codecs.decode.json");
        tell("jmh.frame.encode", results, "Frames.encode", "Frames.copy");
        tell("jmh.frame.decode", results, "Frames.decode", "Frames.copy");
        tell("jmh.call", results, "Calls.call", "Calls.handOver");
    }

    private static Map<String, RunResult> byName(Collection<RunResult> results) {
        Map<String, RunResult> named = new LinkedHashMap<>();
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark().replaceAll(".*\\.(\\w+\\.\\w+)", "$1");
            String parameter = result.getParams().getParam("serializer");
            named.put(parameter == null ? name : name + "." + parameter, result);
        }
        return named;
    }

    private static void tell(String id, Map<String, RunResult> results, String ours, String baseline) {
        RunResult mine = results.get(ours);
        RunResult other = results.get(baseline);
        if (mine == null || other == null) {
            System.out.println("MISSING " + id + " against=" + baseline + " why=JMH could not run it");
            return;
        }
        double score = mine.getPrimaryResult().getScore();
        double beside = other.getPrimaryResult().getScore();
        System.out.printf(
                Locale.ROOT,
                "METRIC %s ours=%.2f baseline=%.2f ratio=%.3f unit=ns against=%s oursSpread=%s baselineSpread=%s allocatedBytes=%.0f%n",
                id,
                score,
                beside,
                score / beside,
                baseline,
                spread(mine),
                spread(other),
                allocated(mine));
    }

    private static String spread(RunResult result) {
        var statistics = result.getPrimaryResult().getStatistics();
        return String.format(Locale.ROOT, "%.2f..%.2f", statistics.getMin(), statistics.getMax());
    }

    private static double allocated(RunResult result) {
        for (String name : result.getSecondaryResults().keySet()) {
            if (name.endsWith(ALLOCATED)) {
                return result.getSecondaryResults().get(name).getScore();
            }
        }
        return Double.NaN;
    }
}
