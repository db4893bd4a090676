package dev.streamipc.bench.side;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What a side does: it warms up, takes its core, says READY, and then tells what it measures, a line for a line, until stdin ends. */
public final class Turns {

    /** How long a round is to take, where that can be chosen. */
    public static final long ROUND_NANOS =
            1_000_000L * Integer.parseInt(System.getenv().getOrDefault("BENCH_MILLIS", "200"));

    private static final long WARM_UP_NANOS = 2_500_000_000L;
    /** Several processes, or hundreds of threads, that are compiled on two cores need as long. */
    private static final long LONG_WARM_UP_NANOS = 7_000_000_000L;

    private Turns() {}

    /** One round. */
    @FunctionalInterface
    public interface Measured {
        /** Returns one value or several, all of which count. */
        double[] round() throws Exception;
    }

    /** One round that tells one value. */
    @FunctionalInterface
    public interface Single {
        /** Returns the value. */
        double round() throws Exception;
    }

    /** Answers with one value a round, behind some seconds that warm up. */
    public static void answerOne(Single measured) throws Exception {
        answerOne(WARM_UP_NANOS, measured);
    }

    /** The same behind more of them: for a program of several processes, or of hundreds of threads. */
    static void answerOneOfMany(Single measured) throws Exception {
        answerOne(LONG_WARM_UP_NANOS, measured);
    }

    private static void answerOne(long warmUpNanos, Single measured) throws Exception {
        long start = System.nanoTime();
        while (System.nanoTime() - start < warmUpNanos) {
            measured.round();
        }
        answer(0, () -> new double[] {measured.round()});
    }

    /** Answers, behind so many rounds that warm up. */
    public static void answer(int warmUp, Measured measured) throws Exception {
        for (int round = 0; round < warmUp; round++) {
            measured.round();
        }
        if (Pin.apply()) {
            measured.round();
        }
        tell("READY");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            tell(Arrays.stream(measured.round()).mapToObj(Double::toString).collect(Collectors.joining(" ")));
        }
    }

    private static void tell(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** Ends the program as one that can't run here. */
    public static void lack(String why) {
        tell(why);
        System.exit(2);
    }
}
