package dev.streamipc.callback;

import dev.streamipc.clock.Scheduler;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * Has the callback executor give callers their outcome. Where that is blocked, perhaps by somebody who waits for just this
 * outcome, a spare thread does it a second later: no outcome hangs on what user code does.
 */
public final class CallbackHop {

    /** For how long the callback executor may be blocked. */
    public static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int SPARE_THREADS = 8;
    private static final long IDLE_SECONDS = 5;
    /** Threads that are there while somebody blocks the callback executors of this JVM. */
    public static final Executor SPARE = spareThreads();

    private CallbackHop() {}

    private static Executor spareThreads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                SPARE_THREADS, SPARE_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "streamipc-spare");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /**
     * Hands over what gives a caller its outcome. Neither blocks nor throws.
     *
     * @param callbacks who does it, and who else
     * @param settle does nothing the second time
     */
    public static void hand(Callbacks callbacks, Runnable settle) {
        Scheduler.Due late =
                callbacks.scheduler().schedule(() -> callbacks.spare().execute(settle), PATIENCE_NANOS);
        try {
            callbacks.executor().execute(() -> {
                late.cancel();
                settle.run();
            });
        } catch (RuntimeException | Error rejected) {
            LoggerFactory.getLogger(CallbackHop.class)
                    .warn("outcome not handed over: callback executor takes no more", rejected);
            late.cancel();
            callbacks.spare().execute(settle);
        }
    }
}
