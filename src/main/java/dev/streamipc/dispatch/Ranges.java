package dev.streamipc.dispatch;

import dev.streamipc.session.CallOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Which numbers a builder takes. */
final class Ranges {

    private Ranges() {}

    static Duration positive(String what, Duration value) {
        require(!value.isZero(), "time is zero: " + what + "; give more than zero");
        return zeroOrMore(what, value);
    }

    static Duration zeroOrMore(String what, Duration value) {
        require(
                !value.isNegative() && value.compareTo(CallOptions.MAX_DEADLINE) <= 0,
                "time out of range: " + what + "Ms=" + TimeUnit.MILLISECONDS.convert(value) + ", maxMs="
                        + CallOptions.MAX_DEADLINE.toMillis());
        return value;
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
