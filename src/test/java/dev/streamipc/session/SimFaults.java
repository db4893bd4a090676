package dev.streamipc.session;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** What goes wrong in a run, as the seed says; often nothing does. */
final class SimFaults {

    private static final byte[] JUNK = "WARNING: a library printed this\n".getBytes(StandardCharsets.UTF_8);

    private final SimWorld world;
    private final SimSide parent;
    private final SimSide child;
    /** Frames were damaged on the way: what was said of a call may have been lost. */
    private boolean damage;

    private boolean stalls;
    private boolean any;

    SimFaults(SimWorld world, SimSide parent, SimSide child) {
        this.world = world;
        this.parent = parent;
        this.child = child;
    }

    /** Plans what goes wrong within a time. */
    void plan(long withinNanos) {
        int count = world.oneIn(4) ? 0 : world.between(1, 3);
        any = count > 0;
        for (int i = 0; i < count; i++) {
            plan(world.random.nextInt(10), world.random.nextLong(withinNanos));
        }
    }

    private void plan(int kind, long atNanos) {
        SimSide side = world.oneIn(3) ? parent : child;
        switch (kind) {
            case 0 -> world.later(side, atNanos, "kill", side::die);
            case 1 -> side.out().cutAt(1 + world.anyNanos(60_000));
            case 2, 3 -> stall(side, atNanos);
            case 4 -> flip(side.out());
            case 5 -> junk(side.out());
            case 6 -> holdOpen();
            case 7 -> world.later(side, atNanos, "close", () -> side.closeSession());
            case 8 -> closeBoth(atNanos);
            default -> world.later(side, atNanos, "broken pipe", side.in()::readerGone);
        }
    }

    private void stall(SimSide side, long atNanos) {
        stalls = true;
        long nanos = world.anyNanos(TimeUnit.SECONDS.toNanos(30));
        world.later(null, atNanos, "stop", () -> side.stall(nanos));
    }

    private void flip(SimLink link) {
        damage = true;
        int flips = world.between(1, 4);
        for (int i = 0; i < flips; i++) {
            link.flipAt(world.anyNanos(30_000), 1 << world.random.nextInt(8));
        }
    }

    /** Between two frames it does no harm; anywhere else it does. */
    private void junk(SimLink link) {
        damage = true;
        link.junkAt(world.anyNanos(30_000), JUNK);
    }

    private void holdOpen() {
        child.out().holdOpen();
        world.later(child, world.anyNanos(100_000_000), "kill, its stream held open", child::die);
    }

    private void closeBoth(long atNanos) {
        world.later(parent, atNanos, "close", () -> parent.closeSession());
        world.later(child, atNanos + world.anyNanos(1_000_000), "close", () -> child.closeSession());
    }

    boolean hasAny() {
        return any;
    }

    boolean hasDamage() {
        return damage;
    }

    boolean hasStalls() {
        return stalls;
    }
}
