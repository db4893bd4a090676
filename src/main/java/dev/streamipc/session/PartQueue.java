package dev.streamipc.session;

import dev.streamipc.message.Message;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The parts of one stream that have come in and wait for their consumer, and the demand that brings more. */
final class PartQueue<P extends Message> {
    /*
     * Never more than AHEAD parts are wanted beyond those that were taken, so that is the bound of the queue. Demand goes
     * out in steps, not with each part; at once where nothing is on its way any more.
     */

    static final int AHEAD = 16;
    private static final int STEP = AHEAD / 2;
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What the queue needs of its session. */
    interface Feed {

        /** Tells the other side how many parts are wanted in all. Never blocks. */
        void demand(long total);

        /** No more is wanted. Never blocks. */
        void cancel();

        /** This thread is about to wait for what the other side sends. */
        void beforeWaiting();
    }

    /** What becomes of a part that has come in. */
    enum Taken {
        QUEUED,
        /** The consumer has gone. */
        PASSED_OVER,
        /** One before it was lost. */
        NOT_NEXT,
        /** The other side broke the rules. */
        BEYOND_DEMAND
    }

    private final Class<P> type;
    private final Feed feed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<P> parts = new ArrayDeque<>(); // guarded by lock, as all below
    private Runnable onChange = () -> {};
    private boolean begun;
    private long asked;
    private long told;
    private long received;
    private long taken;
    private boolean closed;
    private boolean ended;
    private @Nullable Throwable failure;

    PartQueue(Class<P> type, Feed feed) {
        this.type = type;
        this.feed = feed;
    }

    Class<P> type() {
        return type;
    }

    /** The other side knows of the call from now on: before that a demand would mean nothing to it. */
    void begin() {
        change(() -> begun = true);
    }

    /** The consumer takes so many more. */
    void ask(long more) {
        change(() -> asked = asked + more < 0 ? Long.MAX_VALUE : asked + more);
    }

    /** Has something run after each change, on any thread: neither blocks nor throws. */
    void onChange(Runnable listener) {
        change(() -> onChange = listener);
    }

    private void change(Runnable step) {
        long demand;
        Runnable listener;
        lock.lock();
        try {
            step.run();
            demand = nextDemand();
            listener = onChange;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        listener.run();
        if (demand > 0) {
            feed.demand(demand);
        }
    }

    /** Returns the demand to tell, 0 if none. */
    private long nextDemand() {
        long wanted = Math.min(asked, taken + AHEAD);
        boolean isWorthIt = wanted - told >= STEP || (wanted > told && (told == received || wanted == asked));
        if (!begun || closed || ended || !isWorthIt) {
            return 0;
        }
        told = wanted;
        return wanted;
    }

    /** Takes a part in; on the thread that reads. */
    Taken take(long number, Message part) {
        lock.lock();
        try {
            if (number >= told) {
                return Taken.BEYOND_DEMAND;
            }
            if (number != received) {
                return Taken.NOT_NEXT;
            }
            received++;
            if (closed || ended) {
                return Taken.PASSED_OVER;
            }
            parts.add(type.cast(part));
        } finally {
            lock.unlock();
        }
        change(() -> {});
        return Taken.QUEUED;
    }

    /** Returns whether so many parts have come. */
    boolean hasAll(long count) {
        lock.lock();
        try {
            return received == count;
        } finally {
            lock.unlock();
        }
    }

    /**
     * No part comes any more. The first end counts.
     *
     * @param why null if the stream is whole
     */
    void end(@Nullable Throwable why) {
        change(() -> {
            failure = ended ? failure : why;
            ended = true;
        });
    }

    /** The consumer wants no more. */
    void close() {
        if (!isOver()) {
            // first: who takes parts on another thread is to find out why there are no more
            feed.cancel();
        }
        lock.lock();
        try {
            closed = true;
            parts.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean isOver() {
        lock.lock();
        try {
            return closed || ended;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the next part that is here, null if there is none. */
    @Nullable
    P poll() {
        P part;
        lock.lock();
        try {
            part = parts.poll();
            taken += part == null ? 0 : 1;
        } finally {
            lock.unlock();
        }
        if (part != null) {
            change(() -> {});
        }
        return part;
    }

    /** Returns whether a part is here. */
    boolean hasPart() {
        lock.lock();
        try {
            return !parts.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether the stream is over and every part of it was taken. */
    boolean isDone() {
        lock.lock();
        try {
            return closed || (ended && parts.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    /** Returns why the stream is over; null if it is whole. */
    @Nullable
    Throwable failure() {
        lock.lock();
        try {
            return failure;
        } finally {
            lock.unlock();
        }
    }

    /** Blocks until there is a part, or none will come. */
    void await() throws InterruptedException {
        while (!hasPart() && !isDone()) {
            feed.beforeWaiting();
            lock.lock();
            try {
                if (parts.isEmpty() && !ended && !closed) {
                    changed.awaitNanos(LOOK_NANOS);
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
