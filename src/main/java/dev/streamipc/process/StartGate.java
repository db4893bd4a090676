package dev.streamipc.process;

import dev.streamipc.message.StartFailed;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets a few starts through at a time: starting a JVM takes a whole core, and twenty at once make each one late. A
 * start is under way until its child is ready or has ended, or for as long as {@code holdAtMost}, so that a child that
 * never gets ready, or whose owner never says so, holds up nobody for long.
 */
final class StartGate {

    static final StartGate SHARED =
            new StartGate(Runtime.getRuntime().availableProcessors(), Duration.ofSeconds(5), Duration.ofSeconds(30));

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // guarded by lock; oldest first
    private final Deque<Place> underWay = new ArrayDeque<>();
    private final int atOnce;
    private final long holdNanos;
    private final long waitNanos;

    /** One start; given back once, from any thread. */
    final class Place {
        private final long sinceNanos = System.nanoTime();

        void leave() {
            lock.lock();
            try {
                underWay.remove(this);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    StartGate(int atOnce, Duration holdAtMost, Duration waitAtMost) {
        this.atOnce = atOnce;
        this.holdNanos = holdAtMost.toNanos();
        this.waitNanos = waitAtMost.toNanos();
    }

    /** Blocks until there is a place. */
    Place enter(List<String> command) {
        lock.lock();
        try {
            long since = System.nanoTime();
            while (isFull()) {
                long leftNanos = waitNanos - (System.nanoTime() - since);
                if (leftNanos <= 0) {
                    throw failed(
                            "too many starts at a time, atOnce=" + atOnce + ", waitedMs="
                                    + TimeUnit.NANOSECONDS.toMillis(waitNanos),
                            command,
                            null);
                }
                changed.awaitNanos(Math.min(leftNanos, untilOldestExpires()));
            }
            Place place = new Place();
            underWay.addLast(place);
            return place;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("interrupted while other starts were under way", command, e);
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull() {
        while (!underWay.isEmpty() && untilOldestExpires() <= 0) {
            underWay.removeFirst();
        }
        return underWay.size() >= atOnce;
    }

    private long untilOldestExpires() {
        return holdNanos - (System.nanoTime() - underWay.getFirst().sinceNanos);
    }

    private static StartFailed failed(String why, List<String> command, @Nullable Throwable cause) {
        return new StartFailed(why, command, null, cause);
    }
}
