package dev.streamipc.clock;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** Time, and what is due later. An argument of everything that waits, so that tests run under virtual time. */
public interface Scheduler {

    /**
     * Returns monotonic time.
     *
     * @return nanoseconds, comparable by difference only
     */
    long nanoTime();

    /**
     * Runs a short task, that neither blocks nor runs user code, after a delay.
     *
     * @param task what to run, once
     * @param delayNanos nanoseconds from now on, 0 or more
     * @return lets go of the task
     */
    Due schedule(Runnable task, long delayNanos);

    /** Something that is due. */
    @FunctionalInterface
    interface Due {

        /** Lets go of the task, and of all that it holds, if it has not begun. */
        void cancel();
    }

    /**
     * Returns the time of this JVM, {@link System#nanoTime}, with one daemon thread for all.
     *
     * @return always the same one
     */
    static Scheduler ofThisJvm() {
        return JvmTimer.INSTANCE;
    }

    /** One daemon thread; started by the first task. */
    final class JvmTimer implements Scheduler {

        private static final JvmTimer INSTANCE = new JvmTimer();

        private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "streamipc-timer");
            thread.setDaemon(true);
            return thread;
        });

        private JvmTimer() {
            executor.setRemoveOnCancelPolicy(true);
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Due schedule(Runnable task, long delayNanos) {
            ScheduledFuture<?> due =
                    executor.schedule(() -> runGuarded(task), Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
            return () -> due.cancel(false);
        }

        private static void runGuarded(Runnable task) {
            try {
                task.run();
            } catch (RuntimeException | Error failure) {
                LoggerFactory.getLogger(Scheduler.class).error("timer task failed: task={}", task, failure);
            }
        }
    }
}
