package dev.streamipc.session;

import dev.streamipc.callback.SerialExecutor;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Where large answers and updates are decoded, one after the other and in the order in which they came, so that the thread
 * that reads goes on meanwhile. What comes in of a call while something of it is here goes through here too.
 */
final class Lane {

    /** The id of what belongs to no call. */
    static final long NO_CALL = 0;

    private record Task(long id, int bytes, Runnable body) {}

    private final Executor executor;
    private final ArrayDeque<Task> tasks = new ArrayDeque<>(); // guarded by this
    private long bytes; // guarded by this
    private boolean draining; // guarded by this
    /** What each answer asks first; only the thread that reads adds tasks of calls, and it is the one that asks. */
    private volatile boolean isEmpty = true;

    /**
     * Makes a lane with nothing in it.
     *
     * @param executor runs what drains it, once at a time
     */
    Lane(Executor executor) {
        this.executor = executor;
    }

    /** Takes something of a call in; it may run for as long as it likes. */
    void add(long id, int lengthBytes, Runnable body) {
        synchronized (this) {
            tasks.add(new Task(id, lengthBytes, body));
            isEmpty = false;
            bytes += lengthBytes;
            if (draining) {
                return;
            }
            draining = true;
        }
        try {
            executor.execute(this::drain);
        } catch (RuntimeException | Error noThread) {
            SessionLog.LOG.error("no thread to be had for large messages, going on without", noThread);
            drain();
        }
    }

    /** Runs something behind all that is here: at once, on this thread, if nothing is. */
    void behind(Runnable body) {
        boolean isIdle;
        synchronized (this) {
            isIdle = tasks.isEmpty();
        }
        if (isIdle) {
            body.run();
        } else {
            add(NO_CALL, 0, body);
        }
    }

    /** Returns whether something of a call is here or being decoded. */
    boolean holds(long id) {
        return !isEmpty && isAmong(id);
    }

    private synchronized boolean isAmong(long id) {
        for (Task task : tasks) {
            if (task.id() == id) {
                return true;
            }
        }
        return false;
    }

    /** Returns how many bytes of payload wait here. */
    synchronized long bytes() {
        return bytes;
    }

    /** What runs stays here until it has run. */
    private void drain() {
        Task next = first();
        while (next != null) {
            try {
                next.body().run();
            } catch (RuntimeException | Error failure) {
                SessionLog.LOG.error("large message not taken", failure);
            }
            next = behindFirst();
        }
    }

    private synchronized @Nullable Task first() {
        return tasks.peek();
    }

    private synchronized @Nullable Task behindFirst() {
        bytes -= tasks.remove().bytes();
        Task next = tasks.peek();
        draining = next != null;
        isEmpty = next == null;
        return next;
    }

    /** The session has ended: no thread of ours need wait for more. */
    void retire() {
        if (executor instanceof SerialExecutor own) {
            own.retire();
        }
    }
}
