package dev.streamipc.bench.raw;

import dev.streamipc.bench.side.Turns;
import java.io.IOException;

/** From kill -9 of a JVM to word of its exit, which is what a call has to wait for. */
public final class RawKill {

    private static final int KILLS = 7;

    private RawKill() {}

    /** Takes nothing. */
    public static void main(String[] words) throws Exception {
        Turns.answer(1, () -> {
            double[] millis = new double[KILLS];
            for (int at = 0; at < KILLS; at++) {
                millis[at] = once();
            }
            return millis;
        });
    }

    private static double once() throws IOException, InterruptedException {
        Process child = Jvm.start(RawPong.class, "1");
        child.getOutputStream().write(1);
        child.getOutputStream().flush();
        child.getInputStream().read();
        long start = System.nanoTime();
        child.destroyForcibly();
        child.waitFor();
        return (System.nanoTime() - start) / 1e6;
    }
}
