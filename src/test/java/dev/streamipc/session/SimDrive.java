package dev.streamipc.session;

/** A drive without threads: reads when something has arrived, and runs handlers a little later. */
final class SimDrive implements Drive {

    private final SimSide side;
    private final Parts parts;
    private final Hooks hooks;
    private boolean started;
    private boolean reading;
    private boolean readDue;
    private boolean inputEnded;
    private boolean handlersDue;
    private boolean handling;

    SimDrive(SimSide side, Parts parts, Hooks hooks) {
        this.side = side;
        this.parts = parts;
        this.hooks = hooks;
    }

    @Override
    public void start() {
        if (!started) {
            started = true;
            startReader();
            hooks.onStart().accept(!side.pumps);
            handOver();
        }
    }

    @Override
    public boolean isReading() {
        return reading;
    }

    /** As with threads: a pump whose handler waits has a reader from then on. */
    @Override
    public void beforeWaiting() {
        if (handling) {
            side.pumps = false;
            readable();
        }
    }

    @Override
    public void startReader() {
        reading = true;
        readable();
    }

    /** Something may have arrived. */
    void readable() {
        if (reading && !readDue && !inputEnded && !isBusyPump() && side.in().isReadable()) {
            readDue = true;
            side.world.later(side, side.world.anyNanos(100_000), "read", this::read);
        }
    }

    /** One thread that reads and handles reads nothing while it handles. */
    private boolean isBusyPump() {
        return side.pumps && (handling || (started && !parts.queue().isEmpty()));
    }

    private void read() {
        readDue = false;
        if (isBusyPump()) {
            return;
        }
        try {
            if (!parts.intake().readOnce()) {
                ended("the stream ended");
            }
        } catch (java.io.IOException closed) {
            ended("reading failed: " + closed);
        }
        handOver();
        readable();
    }

    private void ended(String why) {
        inputEnded = true;
        handOver();
        hooks.onInputEnd().accept(why);
    }

    @Override
    public void handOver() {
        if (started && !handlersDue && !handling && !parts.queue().isEmpty()) {
            handlersDue = true;
            side.world.later(side, side.world.anyNanos(200_000), "handle", this::handle);
        }
    }

    private void handle() {
        handlersDue = false;
        handling = true;
        try {
            parts.batches().run();
        } finally {
            handling = false;
        }
        handOver();
        readable();
    }

    @Override
    public void retire() {
        side.world.trace(side, "retire");
    }

    /** Nobody may wait here: there is one thread for the whole world. */
    @Override
    public boolean isInside() {
        return true;
    }

    @Override
    public boolean tick(long nanos) {
        throw new UnsupportedOperationException("a simulated side does not tick");
    }

    @Override
    public void serve() {
        throw new UnsupportedOperationException("a simulated side does not serve");
    }
}
