package dev.streamipc.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Holds sends back, in order, until the two sides have agreed on how to write messages. */
final class Gate {

    private static final int MAX_HELD_PINGS = 1_024;

    private record Held(Runnable send, long bytes) {}

    private final Object lock = new Object();
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private final RoomWaits room;
    private int heldNotes;
    private int heldPings;
    private volatile boolean open;

    /**
     * Makes a closed gate.
     *
     * @param room where what is held takes its place
     */
    Gate(RoomWaits room) {
        this.room = room;
    }

    boolean isOpen() {
        return open;
    }

    /**
     * Passes a request: sends it now, or holds it back.
     *
     * @param now sends it on this thread
     * @param later sends it on another thread
     * @param bytes what it takes of the room while it is held
     * @return {@link Next#FULL} if too much is held, else what {@code now} returned, or that there is nothing to do
     */
    Next pass(Supplier<Next> now, Runnable later, long bytes) {
        synchronized (lock) {
            if (!open) {
                return hold(later, bytes) ? Next.NOTHING : Next.FULL;
            }
        }
        return now.get();
    }

    private boolean hold(Runnable later, long bytes) {
        return room.hold(bytes) && held.add(new Held(later, bytes));
    }

    /** Passes a notification, which has to leave even if the session is closed meanwhile. */
    Next passNote(Supplier<Next> now, Runnable later, long bytes) {
        synchronized (lock) {
            if (!open) {
                boolean taken = hold(later, bytes);
                heldNotes += taken ? 1 : 0;
                return taken ? Next.NOTHING : Next.FULL;
            }
        }
        return now.get();
    }

    /** Passes a ping, which takes no room; false if too many are held. */
    boolean passPing(Runnable send) {
        synchronized (lock) {
            if (!open) {
                return heldPings++ < MAX_HELD_PINGS && held.add(new Held(send, 0));
            }
        }
        send.run();
        return true;
    }

    /** Passes the last frame: behind the notifications that are held, else at once. */
    void passLast(Runnable send) {
        synchronized (lock) {
            if (!open && heldNotes > 0) {
                held.add(new Held(send, 0));
                return;
            }
        }
        send.run();
    }

    /** Runs what was held back, outside the lock, then lets everything pass. Called once. */
    void open() {
        while (true) {
            List<Held> batch;
            synchronized (lock) {
                if (held.isEmpty()) {
                    open = true;
                    return;
                }
                batch = new ArrayList<>(held);
                held.clear();
            }
            batch.forEach(this::release);
        }
    }

    private void release(Held send) {
        send.send().run();
        if (send.bytes() > 0) {
            room.letGo(send.bytes());
        }
    }
}
