package dev.streamipc.bench.side;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;

/** The two drivers: one call after the other, and many at a time. The same for us and for the peers. */
public final class Timing {

    private static final int MAX_SAMPLES = 200_000;
    private static final int CLOCK_EVERY = 64;

    private Timing() {}

    /** Calls one after the other for a round's time; the median in microseconds. */
    public static double p50Micros(Callable<?> call) throws Exception {
        return p50Micros(call, () -> {});
    }

    /** The same, with something before each call that does not count. */
    static double p50Micros(Callable<?> call, Runnable before) throws Exception {
        long[] nanos = new long[MAX_SAMPLES];
        int count = 0;
        long end = System.nanoTime() + Turns.ROUND_NANOS;
        while (count < MAX_SAMPLES && System.nanoTime() < end) {
            before.run();
            long start = System.nanoTime();
            call.call();
            nanos[count++] = System.nanoTime() - start;
        }
        Arrays.sort(nanos, 0, count);
        return nanos[count / 2] / 1e3;
    }

    /** Keeps so many requests open for a round's time, from one thread; requests a second. */
    public static double perSecond(int window, IntFunction<? extends CompletionStage<?>> request) throws Exception {
        Semaphore room = new Semaphore(window);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        long start = System.nanoTime();
        int count = 0;
        while (count % CLOCK_EVERY != 0 || System.nanoTime() - start < Turns.ROUND_NANOS) {
            room.acquire();
            request.apply(count++).whenComplete((answer, failed) -> {
                if (failed != null) {
                    failure.set(failed);
                }
                room.release();
            });
        }
        room.acquire(window);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (failure.get() != null) {
            throw new IllegalStateException("a request failed", failure.get());
        }
        return count / seconds;
    }

    /** Moves so many bytes again and again for a round's time, twice at the least; GB/s. */
    public static double gigabytesPerSecond(long bytes, Callable<?> once) {
        long start = System.nanoTime();
        int count = 0;
        try {
            while (count < 2 || System.nanoTime() - start < Turns.ROUND_NANOS) {
                once.call();
                count++;
            }
        } catch (Exception e) {
            throw new IllegalStateException("the bytes did not arrive", e);
        }
        return (double) bytes * count / (System.nanoTime() - start);
    }
}
