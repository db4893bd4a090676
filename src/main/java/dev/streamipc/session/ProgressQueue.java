package dev.streamipc.session;

import dev.streamipc.message.Message;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The updates of one call that wait for whoever listens: over the bound the oldest is dropped, and counted by the one
 * behind it. Guarded by its owner.
 */
final class ProgressQueue<P extends Message> {

    static final int MAX_ITEMS = 256;

    private static final class Entry<P> {
        private final P message;
        private final int bytes;
        private long skipped;

        Entry(P message, int bytes, long skipped) {
            this.message = message;
            this.bytes = bytes;
            this.skipped = skipped;
        }
    }

    /** What the waiting updates of all calls of a session may take. Each call may keep one update more. */
    static final class Budget {
        private final AtomicLong usedBytes = new AtomicLong();
        private final Set<Runnable> held = new LinkedHashSet<>(); // guarded by itself
        private final long maxBytes;
        private volatile boolean over;

        Budget(long maxBytes) {
            this.maxBytes = maxBytes;
        }

        long usedBytes() {
            return usedBytes.get();
        }

        /** An outcome waits behind updates; {@code hurry} is run when the session ends, so that it does not wait for long. */
        void hold(Runnable hurry) {
            synchronized (held) {
                held.add(hurry);
            }
            if (over) {
                hurry.run();
            }
        }

        void letGo(Runnable hurry) {
            synchronized (held) {
                held.remove(hurry);
            }
        }

        /** The session has ended. */
        void end() {
            over = true;
            List<Runnable> all;
            synchronized (held) {
                all = List.copyOf(held);
            }
            all.forEach(Runnable::run);
        }
    }

    private final ArrayDeque<Entry<P>> entries = new ArrayDeque<>();
    private Budget budget = new Budget(0);
    private long skippedLast;

    /** From now on the bytes count here; before that nothing waits. */
    void countIn(Budget shared) {
        budget = shared;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Takes an update in. */
    void add(P message, int bytes, long skippedBefore) {
        Entry<P> added = new Entry<>(message, bytes, skippedBefore + skippedLast);
        skippedLast = 0;
        while (!entries.isEmpty() && isOver(bytes)) {
            Entry<P> dropped = remove();
            Entry<P> next = entries.isEmpty() ? added : entries.element();
            next.skipped += dropped.skipped + 1;
        }
        entries.add(added);
        budget.usedBytes.addAndGet(bytes);
    }

    private boolean isOver(int moreBytes) {
        return entries.size() >= MAX_ITEMS || budget.usedBytes.get() + moreBytes > budget.maxBytes;
    }

    /** An update is missing behind those that wait. */
    void addSkipped(long count) {
        skippedLast += count;
    }

    @Nullable
    Progress<P> poll() {
        if (entries.isEmpty()) {
            return null;
        }
        Entry<P> first = remove();
        return new Progress<>(first.message, first.skipped);
    }

    private Entry<P> remove() {
        Entry<P> first = entries.remove();
        budget.usedBytes.addAndGet(-first.bytes);
        return first;
    }

    void clear() {
        while (!entries.isEmpty()) {
            remove();
        }
    }
}
