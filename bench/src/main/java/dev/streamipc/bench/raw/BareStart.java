package dev.streamipc.bench.raw;

import dev.streamipc.bench.side.Turns;
import java.io.IOException;
import java.util.List;

/** A process that starts and says a byte: the least that a child can cost. */
public final class BareStart {

    private static final int STARTS = 3;
    private static final int WARM_UP = 3;
    private static final List<String> QUICKEST = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private BareStart() {}

    /** Measures a JVM of the same class path, or the Python that is named. */
    public static void main(String[] words) throws Exception {
        Turns.answer(WARM_UP, () -> {
            double[] millis = new double[STARTS];
            for (int at = 0; at < STARTS; at++) {
                millis[at] = once(words);
            }
            return millis;
        });
    }

    private static double once(String[] words) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = words.length == 0
                ? Jvm.start(QUICKEST, Bare.class)
                : new ProcessBuilder(words[0], "-c", "print('up')").start();
        process.getInputStream().read();
        double millis = (System.nanoTime() - start) / 1e6;
        process.waitFor();
        return millis;
    }
}
