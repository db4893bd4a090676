package dev.streamipc.faults;

import dev.streamipc.channel.RingTap;

/** A gate before a ring in shared memory; who looks without being the reader sees nothing new while it is shut. */
final class RingGate implements Gate, RingTap.Valve {

    private static final long LOOK_MS = 5;

    private final RingTap tap;
    private boolean shut; // guarded by this
    private boolean holds; // guarded by this

    private RingGate(RingTap tap) {
        this.tap = tap;
    }

    static RingGate before(RingTap tap) {
        RingGate gate = new RingGate(tap);
        tap.put(gate);
        return gate;
    }

    @Override
    public synchronized void shut() {
        shut = true;
    }

    @Override
    public synchronized void open() {
        shut = false;
        notifyAll();
    }

    @Override
    public synchronized boolean holds() {
        return holds;
    }

    @Override
    public int waiting() {
        return tap.unreadBytes(RingTap.Way.INCOMING);
    }

    @Override
    public synchronized boolean mayLook() {
        if (shut && !Thread.currentThread().getName().startsWith("streamipc-reader")) {
            return false;
        }
        holds = shut;
        try {
            while (shut && !tap.isClosed()) {
                wait(LOOK_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        holds = false;
        return true;
    }

    @Override
    public void hasRead() {}
}
