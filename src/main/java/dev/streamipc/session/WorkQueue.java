package dev.streamipc.session;

import dev.streamipc.session.Work.Asked;
import dev.streamipc.session.Work.Noted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests and notifications that wait for a handler, in the order of their arrival, bounded in items and bytes.
 *
 * <p>A request that finds it full is not taken; a notification pushes the oldest notification out. What was taken out in
 * a batch still waits for its handler, and counts until that has its turn.
 */
final class WorkQueue {

    private record Entry<W extends Work>(long arrival, W work) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Entry<Asked>> requests = new ArrayDeque<>();
    private final ArrayDeque<Entry<Noted>> notes = new ArrayDeque<>();
    private final int maxItems;
    private final long maxBytes;
    private final AtomicInteger batchItems = new AtomicInteger();
    private final AtomicLong batchBytes = new AtomicLong();
    private long bytes;
    /**
     * What waits, for those who only look: the thread that reads does before each answer. Set under the lock; who looks behind its
     * end sees it.
     */
    private final AtomicInteger waiting = new AtomicInteger();

    private long arrivals;
    private boolean ended;

    WorkQueue(int maxItems, long maxBytes) {
        this.maxItems = maxItems;
        this.maxBytes = maxBytes;
    }

    /** Takes a request in; false if there is no room. */
    boolean offer(Asked asked) {
        lock.lock();
        try {
            if (ended || isFull()) {
                return false;
            }
            requests.add(new Entry<>(++arrivals, asked));
            added(asked);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes a notification in, and returns how many were dropped for it, perhaps itself. */
    int push(Noted noted) {
        lock.lock();
        try {
            int dropped = 0;
            while (isFull() && !notes.isEmpty()) {
                bytes -= notes.remove().work().payloadBytes();
                dropped++;
            }
            if (ended || isFull()) {
                return dropped + 1;
            }
            notes.add(new Entry<>(++arrivals, noted));
            added(noted);
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull() {
        return requests.size() + notes.size() + batchItems.get() >= maxItems || bytes + batchBytes.get() >= maxBytes;
    }

    private void added(Work work) {
        bytes += work.payloadBytes();
        counted();
        changed.signal();
    }

    private void counted() {
        waiting.lazySet(requests.size() + notes.size());
    }

    /** Takes out at most so many, in order; empty if there is nothing. They count no more. */
    List<Work> take(int maxCount) {
        lock.lock();
        try {
            return takeLocked(maxCount);
        } finally {
            lock.unlock();
        }
    }

    private List<Work> takeLocked(int maxCount) {
        int count = Math.min(maxCount, requests.size() + notes.size());
        List<Work> taken = new ArrayList<>(count);
        while (taken.size() < count) {
            Work next = poll();
            bytes -= next.payloadBytes();
            taken.add(next);
        }
        counted();
        return taken;
    }

    /** Takes out like {@link #take}, but each counts until {@link #begun}. One thread at a time. */
    List<Work> takeBatch(int maxCount) {
        lock.lock();
        try {
            long before = bytes;
            List<Work> taken = takeLocked(maxCount);
            batchItems.lazySet(batchItems.get() + taken.size());
            batchBytes.lazySet(batchBytes.get() + before - bytes);
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** The turn of one out of a batch has come. On the thread that took the batch. */
    void begun(Work work) {
        batchItems.lazySet(batchItems.get() - 1);
        batchBytes.lazySet(batchBytes.get() - work.payloadBytes());
    }

    /** Returns whether more waits, of the batch or behind it. */
    boolean hasMore() {
        return batchItems.get() > 0 || !isEmpty();
    }

    private Work poll() {
        Entry<Asked> request = requests.peek();
        Entry<Noted> note = notes.peek();
        if (note == null || (request != null && request.arrival() < note.arrival())) {
            return requests.remove().work();
        }
        return notes.remove().work();
    }

    boolean isEmpty() {
        return size() == 0;
    }

    int size() {
        return waiting.get();
    }

    /** Waits until there is something, the queue has ended, or the time is up. */
    void await(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!ended && requests.isEmpty() && notes.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing in any more and wakes who waits. What is here may still be taken out. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
