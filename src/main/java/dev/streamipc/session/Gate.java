package dev.streamipc.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Holds sends back, in order, until the two sides have agreed on how to write messages. */
final class Gate {

    private final Object lock = new Object();
    private final ArrayDeque<Runnable> held = new ArrayDeque<>();
    private final int maxItems;
    private volatile boolean open;

    Gate(int maxItems) {
        this.maxItems = maxItems;
    }

    boolean isOpen() {
        return open;
    }

    /** Runs a send now, or holds it back; false if too many are held. */
    boolean pass(Runnable send) {
        synchronized (lock) {
            if (!open) {
                return held.size() < maxItems && held.add(send);
            }
        }
        send.run();
        return true;
    }

    /** Runs what was held back, outside the lock, then lets everything pass. Called once. */
    void open() {
        while (true) {
            List<Runnable> batch;
            synchronized (lock) {
                if (held.isEmpty()) {
                    open = true;
                    return;
                }
                batch = new ArrayList<>(held);
                held.clear();
            }
            batch.forEach(Runnable::run);
        }
    }
}
