package dev.streamipc.supervise;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Which lengths of time a spec takes. */
final class TimeRange {

    static final Duration MAX = Duration.ofDays(1);

    private TimeRange() {}

    static Duration positive(String name, Duration value) {
        if (value.isZero()) {
            throw outOfRange(name, value);
        }
        return zeroOrMore(name, value);
    }

    static Duration zeroOrMore(String name, Duration value) {
        if (value.isNegative() || value.compareTo(MAX) > 0) {
            throw outOfRange(name, value);
        }
        return value;
    }

    private static IllegalArgumentException outOfRange(String name, Duration value) {
        return new IllegalArgumentException("time out of range: " + name + "Ms=" + TimeUnit.MILLISECONDS.convert(value)
                + ", maxMs=" + MAX.toMillis());
    }
}
