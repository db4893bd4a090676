package dev.streamipc.session;

import dev.streamipc.message.Message;
import dev.streamipc.session.Work.Noted;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Notifications without a handler, for {@code receive}; bounded, the oldest is dropped. */
final class Mailbox {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Noted> waiting = new ArrayDeque<>();
    private final int maxItems;
    private final long maxBytes;
    private long bytes;
    private boolean ended;

    Mailbox(int maxItems, long maxBytes) {
        this.maxItems = maxItems;
        this.maxBytes = maxBytes;
    }

    /** Takes a notification in, and returns how many of the oldest were dropped for it. */
    int push(Noted noted) {
        lock.lock();
        try {
            int dropped = 0;
            while (waiting.size() >= maxItems || bytes >= maxBytes) {
                bytes -= waiting.remove().payloadBytes();
                dropped++;
            }
            bytes += noted.payloadBytes();
            waiting.add(noted);
            changed.signal();
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a notification; empty when the time is up, or when the session has ended and none is left. */
    Optional<Message> receive(long nanos) throws InterruptedException {
        long since = System.nanoTime();
        Noted next = poll(nanos);
        while (next != null && next.arrived().open() != null) {
            next = poll(nanos - (System.nanoTime() - since));
        }
        return Optional.ofNullable(next).map(Noted::message);
    }

    private @Nullable Noted poll(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (waiting.isEmpty() && !ended && left > 0) {
                left = changed.awaitNanos(left);
            }
            Noted first = waiting.poll();
            bytes -= first == null ? 0 : first.payloadBytes();
            return first;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

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
