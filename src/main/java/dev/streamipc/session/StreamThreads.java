package dev.streamipc.session;

import java.util.concurrent.atomic.AtomicInteger;

/** Threads for handlers that wait for demand, or for parts: a bounded number, so that the others go on. */
final class StreamThreads {

    static final int MOST = 64;

    private final String sessionName;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger numbers = new AtomicInteger();
    private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);

    StreamThreads(String sessionName) {
        this.sessionName = sessionName;
    }

    /**
     * Runs a handler on a thread of its own.
     *
     * @return false if there are too many, or no thread is to be had
     */
    boolean run(Runnable handler) {
        if (running.incrementAndGet() > MOST) {
            running.decrementAndGet();
            return false;
        }
        Thread thread = new Thread(
                () -> runInside(handler), "streamipc-stream-" + sessionName + "-" + numbers.incrementAndGet());
        thread.setDaemon(true);
        try {
            thread.start();
            return true;
        } catch (OutOfMemoryError noThread) {
            running.decrementAndGet();
            SessionLog.LOG.error("no thread to be had: threadName={}", thread.getName(), noThread);
            return false;
        }
    }

    private void runInside(Runnable handler) {
        inside.set(true);
        try {
            handler.run();
        } finally {
            running.decrementAndGet();
        }
    }

    /** Returns whether the calling thread is one of these. */
    boolean isCurrent() {
        return inside.get();
    }
}
