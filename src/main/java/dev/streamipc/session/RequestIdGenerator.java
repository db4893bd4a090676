package dev.streamipc.session;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Chooses the ids of requests. One generator serves one session and direction; it is called by any thread.
 *
 * <p>Give each id once. One that repeats an id in flight is refused: that call ends as {@code Rejected} (DUPLICATE_ID). One
 * that repeats the id of a call that was cancelled, or whose deadline passed, may meet the old request at the other side: it
 * gets the late answer of that, or breaks the protocol, which ends the session.
 */
@FunctionalInterface
public interface RequestIdGenerator {

    /**
     * Returns the next id. Must not block.
     *
     * @return any number; its top bit is ignored
     */
    long next();

    /**
     * Returns a generator that counts 1, 2, 3: the default.
     *
     * @return a new generator
     */
    static RequestIdGenerator counter() {
        return new AtomicLong()::incrementAndGet;
    }

    /**
     * Returns a generator of ids that rise with time and tell the process: 22 bits of the process id, then 41 bits of
     * microseconds since it was made.
     *
     * @return a new generator
     */
    static RequestIdGenerator pidAndTime() {
        long pidBits = (ProcessHandle.current().pid() & 0x3F_FFFF) << 41;
        long startNanos = System.nanoTime();
        AtomicLong last = new AtomicLong();
        return () -> {
            long micros = (System.nanoTime() - startNanos) / 1_000;
            long unique = last.updateAndGet(previous -> Math.max(previous + 1, micros));
            return pidBits | (unique & 0x1FF_FFFF_FFFFL);
        };
    }

    /**
     * Returns a generator of random ids.
     *
     * @return a new generator
     */
    static RequestIdGenerator random() {
        return () -> ThreadLocalRandom.current().nextLong();
    }
}
