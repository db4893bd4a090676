package dev.streamipc.supervise;

import dev.streamipc.clock.Scheduler;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the code of users, never on the thread that asks, unless the executor does so. For all threads. */
final class UsersCode {

    static final Logger LOG = LoggerFactory.getLogger(Supervised.class.getPackageName());

    /** How long what has to be run waits for a thread of the executor: a start that hangs may have the only one. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long IDLE_SECONDS = 10;
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), UsersCode::thread);

    private final Executor executor;
    private final Scheduler scheduler;

    UsersCode(Executor executor, Scheduler scheduler) {
        this.executor = executor;
        this.scheduler = scheduler;
    }

    /** Returns daemon threads for all supervisors of this JVM, as many as are needed at a time. */
    static Executor threads() {
        return THREADS;
    }

    /** Runs a task; throws what the executor throws if it takes none. Then the task never runs. */
    void run(Runnable task) {
        Once once = new Once(task);
        try {
            executor.execute(once);
        } catch (RuntimeException | Error rejected) {
            if (once.take()) {
                throw rejected;
            }
            LOG.warn("executor refuses a task that it runs", rejected);
        }
    }

    /** Runs a task that has to be run: on a thread of its own if the executor takes none, or has none for it. */
    void runSurely(String what, Runnable task) {
        Once once = new Once(task);
        try {
            executor.execute(once);
        } catch (RuntimeException | Error rejected) {
            LOG.warn("executor takes no task, a thread of its own does it: task={}", what, rejected);
            runAside(once);
            return;
        }
        if (!once.taken.get()) {
            once.cancelWhenTaken(scheduler.schedule(() -> late(what, once), PATIENCE_NANOS));
        }
    }

    private static void late(String what, Once task) {
        LOG.warn(
                "executor has no thread, one of its own does it: task={}, waitedMs={}",
                what,
                PATIENCE_NANOS / 1_000_000);
        runAside(task);
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

    /** A task that runs once, though an executor that throws may have queued it. */
    private static final class Once implements Runnable {

        private final Runnable body;
        private final AtomicBoolean taken = new AtomicBoolean();
        private volatile Scheduler.@Nullable Due due;

        Once(Runnable body) {
            this.body = body;
        }

        /** Takes it, and returns whether nobody had. */
        boolean take() {
            return taken.compareAndSet(false, true);
        }

        void cancelWhenTaken(Scheduler.Due later) {
            due = later;
            if (taken.get()) {
                later.cancel();
            }
        }

        @Override
        public void run() {
            if (take()) {
                Scheduler.Due late = due;
                if (late != null) {
                    late.cancel();
                }
                body.run();
            }
        }
    }
}
