package dev.streamipc.supervise;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the code of users, never on the thread that asks, unless the executor does so. For all threads. */
final class UsersCode {

    static final Logger LOG = LoggerFactory.getLogger(Supervised.class.getPackageName());

    private static final long IDLE_SECONDS = 10;
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), UsersCode::thread);

    private final Executor executor;

    UsersCode(Executor executor) {
        this.executor = executor;
    }

    /** Returns daemon threads for all supervisors of this JVM, as many as are needed at a time. */
    static Executor threads() {
        return THREADS;
    }

    /** Runs a task; throws what the executor throws if it takes none. */
    void run(Runnable task) {
        executor.execute(task);
    }

    /** Runs a task that has to be run: on a thread of its own if the executor takes none. */
    void runSurely(String what, Runnable task) {
        try {
            executor.execute(task);
        } catch (RuntimeException | Error rejected) {
            LOG.warn("executor takes no task, a thread of its own does it: task={}", what, rejected);
            runAside(task);
        }
    }

    private static void runAside(Runnable task) {
        try {
            thread(task).start();
        } catch (OutOfMemoryError noThread) {
            // it would stay undone for ever, and what it kills alive
            task.run();
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "streamipc-supervise-" + NUMBERS.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
