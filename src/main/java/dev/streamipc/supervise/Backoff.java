package dev.streamipc.supervise;

import java.time.Duration;

/**
 * How long a supervisor waits before a restart: the first time {@code first}, then twice as long with each further failure,
 * {@code max} at most. Each time a part of that is taken off by chance, so that many that failed together do not come
 * back together. The wait counts from the failure; what stopping the siblings takes is part of it.
 *
 * @param first the first wait; at most {@code max}; zero for none at all
 * @param max the longest wait; at most a day
 * @param jitter how large a part of the wait may be taken off, 0 to 1
 * @param resetAfter a child that ran this long before it failed is taken for healthy: its failures count from 1 again; at
 *     most a day
 */
public record Backoff(Duration first, Duration max, double jitter, Duration resetAfter) {

    /** 100 ms, doubling to 30 s, up to half of it taken off, reset after 60 s. */
    public static final Backoff DEFAULT =
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30), 0.5, Duration.ofSeconds(60));

    /** No wait, as in Erlang/OTP. */
    public static final Backoff NONE = new Backoff(Duration.ZERO, Duration.ZERO, 0, Duration.ofSeconds(60));

    private static final int MAX_DOUBLINGS = 62;

    /** Checks the ranges. */
    public Backoff {
        TimeRange.zeroOrMore("first", first);
        TimeRange.zeroOrMore("max", max);
        TimeRange.zeroOrMore("resetAfter", resetAfter);
        if (first.compareTo(max) > 0) {
            throw new IllegalArgumentException("first backoff is longer than the longest: firstMs=" + first.toMillis()
                    + ", maxMs=" + max.toMillis());
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter out of range: jitter=" + jitter + ", least=0, most=1");
        }
    }

    /**
     * Returns the wait before a restart.
     *
     * @param failures how often it has failed in a row, 1 or more
     * @param roll 0 to 1, by chance
     */
    long delayNanos(int failures, double roll) {
        long maxNanos = max.toNanos();
        int doublings = Math.min(failures - 1, MAX_DOUBLINGS);
        long firstNanos = first.toNanos();
        long full = firstNanos > maxNanos >> doublings ? maxNanos : firstNanos << doublings;
        return full - (long) (full * jitter * roll);
    }
}
