package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Percentiles out of buckets. */
class HistogramTest {

    @Test
    void noTimesAreZero() {
        DispatcherStats.Times times = new Histogram().times();

        assertEquals(new DispatcherStats.Times(0, Duration.ZERO, Duration.ZERO, Duration.ZERO), times);
    }

    @Test
    void percentilesAreAtMostAnEighthTooHighAndNeverTooLow() {
        for (long scale = 1; scale < Long.MAX_VALUE / 1_000; scale *= 7) {
            Histogram histogram = new Histogram();
            for (int count = 1; count <= 100; count++) {
                histogram.add(count * scale);
            }

            DispatcherStats.Times times = histogram.times();

            assertEquals(100, times.count());
            assertWithin(50 * scale, times.p50());
            assertWithin(99 * scale, times.p99());
            assertEquals(100 * scale, times.max().toNanos());
        }
    }

    private static void assertWithin(long exactNanos, Duration seen) {
        assertTrue(seen.toNanos() >= exactNanos, "exact=" + exactNanos + ", seen=" + seen.toNanos());
        assertTrue(seen.toNanos() <= exactNanos + exactNanos / 8, "exact=" + exactNanos + ", seen=" + seen.toNanos());
    }

    @Test
    void whatIsNegativeCountsAsZero() {
        Histogram histogram = new Histogram();

        histogram.add(-5);

        assertEquals(Duration.ZERO, histogram.times().max());
    }
}
