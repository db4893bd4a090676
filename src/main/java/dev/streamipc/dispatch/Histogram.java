package dev.streamipc.dispatch;

import dev.streamipc.dispatch.DispatcherStats.Times;
import java.time.Duration;

/**
 * Counts times in buckets, eight to each doubling: 488 numbers for all there are. For one thread at a time.
 */
final class Histogram {

    private static final int SUB_BITS = 3;
    private static final int SUBS = 1 << SUB_BITS;

    private final long[] counts = new long[(Long.SIZE - SUB_BITS) * SUBS];
    private long count;
    private long maxNanos;

    void add(long nanos) {
        long value = Math.max(0, nanos);
        counts[bucket(value)]++;
        count++;
        maxNanos = Math.max(maxNanos, value);
    }

    Times times() {
        return new Times(
                count, Duration.ofNanos(percentile(50)), Duration.ofNanos(percentile(99)), Duration.ofNanos(maxNanos));
    }

    private long percentile(int percent) {
        long rank = Math.max(1, (count * percent + 99) / 100);
        long seen = 0;
        for (int bucket = 0; bucket < counts.length && count > 0; bucket++) {
            seen += counts[bucket];
            if (seen >= rank) {
                return Math.min(maxNanos, upperEdge(bucket));
            }
        }
        return 0;
    }

    /** Values below 8 have a bucket each; above, a bucket is the exponent and the three bits behind the leading one. */
    private static int bucket(long value) {
        if (value < SUBS) {
            return (int) value;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(value);
        int shift = exponent - SUB_BITS;
        return (shift + 1) * SUBS + (int) (value >>> shift) - SUBS;
    }

    private static long upperEdge(int bucket) {
        if (bucket < SUBS) {
            return bucket;
        }
        int shift = bucket / SUBS - 1;
        long lower = (long) (bucket % SUBS + SUBS) << shift;
        return lower + (1L << shift) - 1;
    }
}
