package dev.streamipc.channel;

import java.io.Closeable;
import java.io.IOException;

/** Wakes the thread that sleeps at the other end, and says when that end is gone. A ring says nothing but: look again. */
interface Bell extends Closeable {

    /**
     * The ends of two bells on one side.
     *
     * @param bytes rings when there are bytes to be read
     * @param room rings when there is room to write
     */
    record Pair(Bell bytes, Bell room) {}

    /** Wakes whoever waits at the other end, now or next. Never blocks, whatever the other end does; an interrupt does no harm. */
    void ring();

    /**
     * Waits for a ring or the end of the other side. May return without either. For one thread at a time.
     *
     * @return false if the time for a look without a ring has come
     * @throws IOException if this end is closed
     */
    boolean await() throws IOException;

    /** Forgets the rings so far. For the thread that waits. */
    void forget();

    /** Returns whether the other end is known to be gone. */
    boolean isOver();
}
