package dev.streamipc.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Holds sends back, in order, until the two sides have agreed on how to write messages. */
final class Gate {

    private final Object lock = new Object();
    private final ArrayDeque<Runnable> held = new ArrayDeque<>();
    private final int maxItems;
    private int heldNotes;
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

    /** Passes a notification, which has to leave even if the session is closed meanwhile. */
    boolean passNote(Runnable send) {
        synchronized (lock) {
            heldNotes += open ? 0 : 1;
        }
        return pass(send);
    }

    /** Passes the last frame: behind the notifications that are held, else at once. */
    void passLast(Runnable send) {
        boolean behind;
        synchronized (lock) {
            behind = !open && heldNotes > 0;
        }
        if (!behind || !pass(send)) {
            send.run();
        }
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
