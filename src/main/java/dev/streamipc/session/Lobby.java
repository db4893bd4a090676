package dev.streamipc.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Those who have come to a listener: newcomers that have to show a token, and sessions that wait to be taken. */
final class Lobby<S> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final int maxNewcomers;
    private final int maxWaiting;
    private final Set<S> newcomers = new LinkedHashSet<>();
    private final ArrayDeque<S> waiting = new ArrayDeque<>();
    private boolean closed;

    Lobby(int maxNewcomers, int maxWaiting) {
        this.maxNewcomers = maxNewcomers;
        this.maxWaiting = maxWaiting;
    }

    /** Takes a newcomer in, and returns who has to go for it: the oldest, perhaps itself. */
    Optional<S> enter(S newcomer) {
        lock.lock();
        try {
            if (closed) {
                return Optional.of(newcomer);
            }
            newcomers.add(newcomer);
            if (newcomers.size() <= maxNewcomers) {
                return Optional.empty();
            }
            S oldest = newcomers.iterator().next();
            newcomers.remove(oldest);
            return Optional.of(oldest);
        } finally {
            lock.unlock();
        }
    }

    /** A newcomer is none any more. */
    void leave(S newcomer) {
        lock.lock();
        try {
            newcomers.remove(newcomer);
        } finally {
            lock.unlock();
        }
    }

    /** Lets a session wait to be taken; false if there is no room. */
    boolean admit(S session) {
        lock.lock();
        try {
            newcomers.remove(session);
            if (closed || waiting.size() >= maxWaiting) {
                return false;
            }
            waiting.add(session);
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the one that has waited longest, or waits for one; empty when the time is up, or this is closed. */
    Optional<S> take(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (waiting.isEmpty() && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return Optional.ofNullable(waiting.poll());
        } finally {
            lock.unlock();
        }
    }

    /** Lets nobody in any more, wakes who waits, and returns who was here. */
    List<S> close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            List<S> here = new ArrayList<>(newcomers);
            here.addAll(waiting);
            newcomers.clear();
            waiting.clear();
            return here;
        } finally {
            lock.unlock();
        }
    }
}
