package dev.streamipc.callback;

import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, in order, on a daemon thread that starts with the first task and ends when it has
 * been idle for a while.
 *
 * <p>The queue has no bound of its own: what goes in is bounded by those who put it there.
 */
public final class SerialExecutor implements Executor {

    private static final int QUEUE_CHUNK_ITEMS = 128;
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final MpscUnboundedVarHandleArrayQueue<Runnable> queue =
            new MpscUnboundedVarHandleArrayQueue<>(QUEUE_CHUNK_ITEMS);
    private final AtomicReference<@Nullable Thread> worker = new AtomicReference<>();
    private final String threadName;
    private volatile boolean parked;
    private volatile boolean retired;
    private volatile @Nullable Thread collector;

    /**
     * Makes an executor; its thread starts with the first task.
     *
     * @param threadName of the thread
     */
    public SerialExecutor(String threadName) {
        this.threadName = threadName;
    }

    @Override
    public void execute(Runnable task) {
        queue.offer(task);
        if (collector != Thread.currentThread()) {
            // where the queue grows, its index is but released: the look whether somebody is parked could go before it
            VarHandle.fullFence();
            wake();
        }
    }

    /**
     * What the calling thread gives from now on waits for {@link #release}, so that the thread that runs it is woken once, and not
     * for each: a wake-up costs more than what it wakes for. One thread at a time; it must not wait for any of it meanwhile.
     */
    public void collect() {
        collector = Thread.currentThread();
    }

    /** Has what was collected run. */
    public void release() {
        collector = null;
        if (!queue.isEmpty()) {
            wake();
        }
    }

    private void wake() {
        Thread running = worker.get();
        if (running == null) {
            startWorker();
        } else if (parked) {
            LockSupport.unpark(running);
        }
    }

    /** Lets the thread end as soon as it has nothing to do. Tasks that still come are run all the same. */
    public void retire() {
        retired = true;
        LockSupport.unpark(worker.get());
    }

    /**
     * Returns whether the calling thread is the one that runs the tasks.
     *
     * @return true inside a task
     */
    public boolean isCurrent() {
        return worker.get() == Thread.currentThread();
    }

    private void startWorker() {
        Thread thread = new Thread(this::work, threadName);
        thread.setDaemon(true);
        if (worker.compareAndSet(null, thread)) {
            try {
                thread.start();
            } catch (OutOfMemoryError noThread) {
                worker.set(null);
                throw noThread;
            }
        }
    }

    private void work() {
        do {
            drain();
        } while (awaitTask() || reclaim());
    }

    private void drain() {
        Runnable task = queue.poll();
        while (task != null) {
            runGuarded(task);
            task = queue.poll();
        }
    }

    /** Parks until there is a task; false after a long idle time. The flag is set first, the queue looked at then. */
    private boolean awaitTask() {
        long idleSince = System.nanoTime();
        parked = true;
        while (queue.isEmpty() && !retired && System.nanoTime() - idleSince < IDLE_NANOS) {
            LockSupport.parkNanos(this, IDLE_NANOS);
        }
        parked = false;
        return !queue.isEmpty();
    }

    /** Gives the role back; takes it again if a task slipped in and no other thread was started for it. */
    private boolean reclaim() {
        worker.set(null);
        return !queue.isEmpty() && worker.compareAndSet(null, Thread.currentThread());
    }

    private static void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            LoggerFactory.getLogger(SerialExecutor.class).error("callback failed", failure);
        } finally {
            // a flag that a task leaves behind would hit the next task, and make every park return at once
            Thread.interrupted();
        }
    }
}
