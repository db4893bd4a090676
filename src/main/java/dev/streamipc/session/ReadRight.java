package dev.streamipc.session;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The right to read, once a session has a reader: that thread's, or for a moment that of a caller who waits for its answer. */
final class ReadRight {
    /*
     * READER -> free: callers come often, and none waits at the moment: the reader stands by, parked.
     * free -> a caller -> free: it reads for a moment, for everybody.
     * free -> READER: no caller has come for a while, or somebody waits who does not read.
     *
     * No wake-up is lost: whoever sets the right free looks behind that for calls that wait, and whoever begins to wait
     * looks behind that whether the right is free. One of the two sees the other, and wakes the reader.
     */

    private static final Object READER = new Object();

    private final BooleanSupplier hasCalls;
    private final long quietNanos;
    private final AtomicReference<@Nullable Object> holder = new AtomicReference<>(READER);
    private final AtomicLong lastCallNanos;
    private volatile boolean wanted;
    private volatile @Nullable Thread reader;

    /**
     * Makes the right, which the reader has.
     *
     * @param hasCalls whether an outcome is awaited, by any thread
     * @param quietNanos behind the last caller the reader takes its right again after so long
     */
    ReadRight(BooleanSupplier hasCalls, long quietNanos) {
        this.hasCalls = hasCalls;
        this.quietNanos = quietNanos;
        this.lastCallNanos = new AtomicLong(System.nanoTime() - quietNanos);
    }

    /** On the reader, before each read: leaves the right to callers while they come often, and returns with it. */
    void standBy() {
        if (!isCalledOften() || hasCalls.getAsBoolean()) {
            return;
        }
        reader = Thread.currentThread();
        holder.set(null);
        while (!isDue() || !holder.compareAndSet(null, READER)) {
            LockSupport.parkNanos(this, quietNanos);
        }
        wanted = false;
    }

    private boolean isDue() {
        return wanted || hasCalls.getAsBoolean() || !isCalledOften();
    }

    private boolean isCalledOften() {
        return System.nanoTime() - lastCallNanos.get() < quietNanos;
    }

    /** A caller waits from this moment on: takes the right if it is free, to be given back soon. */
    boolean take(long nowNanos) {
        // a guess for the reader, who looks again before long
        lastCallNanos.lazySet(nowNanos);
        return holder.get() == null && holder.compareAndSet(null, Thread.currentThread());
    }

    /** The caller that has the right gives it back; if somebody still waits, the reader goes on. */
    void giveBack() {
        holder.set(null);
        if (wanted || hasCalls.getAsBoolean()) {
            wake();
        }
    }

    /** Somebody waits from now on who does not read: if nobody does, the reader is to go on. */
    void want() {
        if (holder.get() == null && !wanted) {
            wake();
        }
    }

    /** Has the reader go on as soon as no caller reads. */
    void wake() {
        wanted = true;
        LockSupport.unpark(reader);
    }

    /** Returns whether the calling thread is a caller that reads. */
    boolean isMine() {
        return holder.get() == Thread.currentThread();
    }
}
