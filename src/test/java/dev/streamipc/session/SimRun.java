package dev.streamipc.session;

import dev.streamipc.serial.json.JsonMessageSerializer;
import dev.streamipc.serial.kryo.KryoMessageSerializer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One run of the simulation: two sides, their programs, and what goes wrong, all of it told by a seed. */
final class SimRun {

    private static final long FOR_EVER_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final KryoMessageSerializer KRYO = new KryoMessageSerializer();
    private static final JsonMessageSerializer JSON = new JsonMessageSerializer();

    private final SimWorld world;
    private final SimLedger ledger = new SimLedger();
    private final SimSide parent;
    private final SimSide child;
    private final SimFaults faults;

    /** What came of a run. */
    record Result(
            long seed, long traceHash, long steps, List<String> outcomes, List<String> broken, List<String> lines) {}

    private SimRun(long seed, boolean withLines) {
        world = new SimWorld(seed, withLines);
        parent = new SimSide(world, Role.PARENT);
        child = new SimSide(world, Role.CHILD);
        SimLink down = new SimLink(world, parent, child, capacityBytes());
        SimLink up = new SimLink(world, child, parent, capacityBytes());
        parent.connect(child, up, down);
        child.connect(parent, down, up);
        faults = new SimFaults(world, parent, child);
    }

    /** Runs a seed to its end. Throws nothing: an exception is a broken promise. */
    static Result of(long seed, boolean withLines) {
        SimRun run = new SimRun(seed, withLines);
        List<String> broken;
        try {
            run.run();
            broken = new SimCheck(run.ledger, run.faults, run.parent, run.child).broken();
        } catch (RuntimeException | Error failure) {
            java.io.StringWriter stack = new java.io.StringWriter();
            failure.printStackTrace(new java.io.PrintWriter(stack));
            broken = List.of("the session throws nothing: " + stack);
        }
        return new Result(
                seed,
                run.world.traceHash(),
                run.world.steps(),
                run.ledger.all().stream().map(SimLedger.Entry::outcome).toList(),
                broken,
                run.world.lines());
    }

    /** As small as a pipe may be, now and then; what a sender is sure of always fits. */
    private int capacityBytes() {
        return world.oneIn(3) ? 4_096 : world.oneIn(2) ? 65_536 : world.between(4_096, 20_000);
    }

    private void run() {
        world.afterEachStep(() -> {
            parent.checkBounds();
            child.checkBounds();
        });
        boolean large = world.oneIn(10);
        // what goes in chunks may be overtaken
        ledger.mayOvertake = large;
        world.largestFrameBytes = large ? 402_000 : 21_000;
        SimLoad load = new SimLoad(world, ledger, large ? 400_000 : world.oneIn(3) ? 20_000 : 200);
        long withinNanos = 1_000_000 + world.anyNanos(2_000_000_000L);
        world.later(child, world.anyNanos(5_000_000), "handlers", () -> load.handle(child));
        world.later(parent, world.anyNanos(5_000_000), "handlers", () -> load.handle(parent));
        load.plan(parent, world.between(5, 60), withinNanos);
        load.plan(child, world.between(0, 30), withinNanos);
        faults.plan(withinNanos);
        parent.open(this::setUp);
        child.open(this::setUp);
        // planned before anything runs: a handler that waits for room waits until its session ends
        long lastNanos = withinNanos + TimeUnit.SECONDS.toNanos(1) + world.anyNanos(25_000_000_000L);
        world.later(parent, lastNanos, "close at last", () -> parent.closeSession());
        world.later(child, FOR_EVER_NANOS, "close at last", () -> child.closeSession());
        world.run(2 * FOR_EVER_NANOS, () -> false);
    }

    private IpcPeer.Builder setUp(IpcPeer.Builder builder) {
        Limits limits = Limits.DEFAULT
                .withMaxOutboundBytes(world.oneIn(6) ? world.between(1, 20_000) : 1 << 20)
                .withMaxInbound(world.oneIn(6) ? world.between(1, 10) : 10_000, 1 << 20)
                .withMaxCalls(world.oneIn(6) ? world.between(1, 10) : 10_000);
        builder.messages(SimMessages.types()).limits(limits).closeLimit(Duration.ofSeconds(2));
        return world.oneIn(4) ? builder.serializers(JSON) : builder.serializers(KRYO, JSON);
    }
}
