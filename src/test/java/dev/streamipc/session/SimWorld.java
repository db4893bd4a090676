package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time and all that is due in it, on one thread. Whatever could happen in another order happens in the order that
 * the seed gives, so that two runs of a seed are the same run.
 */
final class SimWorld {

    private static final long MOST_STEPS = 2_000_000;

    final SplittableRandom random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final @Nullable List<String> lines;
    private long nowNanos;
    private long steps;
    private long hash;
    private Runnable afterStep = () -> {};

    /** Something that is due: on a side, or nowhere. */
    private static final class Event implements Comparable<Event> {

        final long atNanos;
        final long order;
        final @Nullable SimSide side;
        final String label;

        @Nullable
        Runnable body;

        Event(long atNanos, long order, @Nullable SimSide side, String label, Runnable body) {
            this.atNanos = atNanos;
            this.order = order;
            this.side = side;
            this.label = label;
            this.body = body;
        }

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** What a queue may take over its bound. */
    int largestFrameBytes;

    /**
     * Makes a world at time zero.
     *
     * @param withLines whether the trace is kept as text, beside its hash
     */
    SimWorld(long seed, boolean withLines) {
        random = new SplittableRandom(seed);
        lines = withLines ? new ArrayList<>() : null;
        hash = seed;
    }

    long nowNanos() {
        return nowNanos;
    }

    long steps() {
        return steps;
    }

    /** Returns what all that happened comes to: equal for equal runs. */
    long traceHash() {
        return hash;
    }

    List<String> lines() {
        return lines == null ? List.of() : lines;
    }

    /** What has to hold at all times is looked at behind each step. */
    void afterEachStep(Runnable look) {
        afterStep = look;
    }

    /** Notes that something happened. */
    void trace(@Nullable SimSide side, String what) {
        String who = side == null ? "world" : side.name;
        hash = (hash ^ nowNanos) * 0x9E37_79B9_7F4A_7C15L;
        hash = (hash ^ who.hashCode() ^ ((long) what.hashCode() << 32)) * 0xC2B2_AE3D_27D4_EB4FL;
        hash ^= hash >>> 29;
        if (lines != null) {
            lines.add(String.format("%12.6f ms %-6s %s", nowNanos / 1e6, who, what));
        }
    }

    /** Lets something happen later, after other things of that time or before, as the seed says. */
    Scheduler.Due later(@Nullable SimSide side, long delayNanos, String label, Runnable body) {
        Event event = new Event(
                nowNanos + Math.max(0, delayNanos), ((long) random.nextInt(64) << 40) + steps, side, label, body);
        events.add(event);
        return () -> event.body = null;
    }

    /** Lets the next thing happen; false if there is none. */
    boolean step() {
        Event event = events.poll();
        if (event == null) {
            return false;
        }
        if (++steps > MOST_STEPS) {
            throw new AssertionError("no end in sight: steps=" + steps + ", label=" + event.label);
        }
        Runnable body = event.body;
        SimSide side = event.side;
        if (body == null || (side != null && side.isDead())) {
            return true;
        }
        if (side != null && side.stalledUntilNanos() > event.atNanos) {
            events.add(new Event(side.stalledUntilNanos(), event.order, side, event.label, body));
            return true;
        }
        nowNanos = Math.max(nowNanos, event.atNanos);
        trace(side, event.label);
        // a handler may be taking its time below: what others do meanwhile is not its doing
        HandledDeadline handled = HandledDeadline.enter(false, 0);
        try {
            body.run();
        } finally {
            handled.leave();
        }
        afterStep.run();
        return true;
    }

    /** Lets everything happen until a time, or until a condition holds. */
    void run(long untilNanos, BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            Event next = events.peek();
            if (next == null || next.atNanos > untilNanos) {
                break;
            }
            step();
        }
        if (!done.getAsBoolean()) {
            nowNanos = Math.max(nowNanos, untilNanos);
        }
    }

    /** Returns true once in so many times. */
    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    /** Returns a time of any magnitude up to a limit: the short ones as often as the long. */
    long anyNanos(long limitNanos) {
        return (long) StrictMath.exp(random.nextDouble() * StrictMath.log(limitNanos));
    }

    int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }
}
