package dev.streamipc.channel;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Guesses how long the next read of a child's stdout is: as long as the two before, if those were short, as the answers of
 * lone calls are. For the thread that reads.
 *
 * <p>The JDK's stream of a process asks the system, by two calls, whether there is more, unless it gives all that it was asked
 * for. A guess costs nothing if it is wrong: what comes beyond waits in the stream's own buffer. But then that has to be
 * emptied by reads of any length, or each would find just as much again: what comes faster than the system answers was there.
 */
final class UsualRead {

    private static final int SHORT_BYTES = 512;
    private static final long QUICK_NANOS = TimeUnit.MICROSECONDS.toNanos(2);

    private final LongSupplier clock;
    private int lastBytes;
    private int usualBytes;
    private long askedAtNanos;

    /**
     * Makes a guess of nothing yet.
     *
     * @param clock nanoseconds, as of {@link System#nanoTime}
     */
    UsualRead(LongSupplier clock) {
        this.clock = clock;
    }

    /** Returns how much to ask for, of so much room. */
    int bytes(int roomBytes) {
        if (usualBytes == 0 || usualBytes >= roomBytes) {
            usualBytes = 0;
            return roomBytes;
        }
        askedAtNanos = clock.getAsLong();
        return usualBytes;
    }

    /** So much came of it. */
    void came(int bytes) {
        if (usualBytes > 0 && clock.getAsLong() - askedAtNanos < QUICK_NANOS) {
            usualBytes = 0;
            lastBytes = 0;
        } else {
            usualBytes = bytes == lastBytes && bytes <= SHORT_BYTES ? bytes : 0;
            lastBytes = bytes;
        }
    }
}
