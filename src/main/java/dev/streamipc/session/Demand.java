package dev.streamipc.session;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** How many parts the receiver of a stream wants in all, and whether it wants any more. For all threads. */
final class Demand {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean begun;
    private volatile long total;
    private volatile boolean over;
    private volatile boolean lost;

    /**
     * Takes what DEMAND says; one that says less than an earlier one means nothing.
     *
     * @param wanted 64 bits, unsigned
     */
    void raise(long wanted) {
        long most = wanted < 0 ? Long.MAX_VALUE : wanted;
        if (most > total) {
            change(() -> total = Math.max(total, most));
        }
    }

    /** The other side knows of the call from now on: before that an end would mean nothing to it. */
    void begin() {
        change(() -> begun = true);
    }

    /** Nobody wants any more. */
    void end() {
        if (!over) {
            change(() -> over = true);
        }
    }

    /** A demand was lost on the way: the sender would wait for it in vain. */
    void lose() {
        lost = true;
        end();
    }

    /** Returns whether that is why nobody wants any more. */
    boolean isLost() {
        return lost;
    }

    private void change(Runnable step) {
        lock.lock();
        try {
            step.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        listeners.forEach(Runnable::run);
    }

    /**
     * Has something run after each change from now on, on the thread that reads perhaps: neither blocks nor throws.
     *
     * @param listener of this registration alone
     * @return takes that back
     */
    Runnable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Returns how many are wanted, as far as that can be: before the other side knows of the call it wants none. */
    long total() {
        return begun ? total : 0;
    }

    boolean isOver() {
        return over;
    }

    /** Returns whether a part with this number may be sent. */
    boolean reaches(long number) {
        return total() > number;
    }

    /** Returns whether the other side knows of the call. */
    boolean hasBegun() {
        return begun;
    }

    /** Blocks until a condition of this demand holds, nobody wants any more, or the time is up. */
    void await(BooleanSupplier condition, long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!over && !condition.getAsBoolean() && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
