package dev.streamipc.session;

import dev.streamipc.callback.SerialExecutor;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Hands what is queued to the handler executor: one thread of our own, in order, or the user's, several at once. */
final class HandlerThreads {

    private final String sessionName;
    private final WorkQueue queue;
    private final Handling handling;
    private final Batches batches;
    private final @Nullable Executor users;
    private final SerialExecutor own;
    private final BooleanSupplier wanted;
    private final AtomicBoolean drainScheduled = new AtomicBoolean();
    private final AtomicInteger handedOver = new AtomicInteger();

    /** What handing over needs of its session. */
    record Parts(WorkQueue queue, Handling handling, Batches batches) {}

    /**
     * Makes the hand-over.
     *
     * @param users the user's executor, null for one thread of our own
     * @param wanted whether handlers are to run here, and not on a thread that ticks or pumps
     */
    HandlerThreads(String sessionName, Parts parts, @Nullable Executor users, BooleanSupplier wanted) {
        this.sessionName = sessionName;
        this.queue = parts.queue();
        this.handling = parts.handling();
        this.batches = parts.batches();
        this.users = users;
        this.own = new SerialExecutor("streamipc-handler-" + sessionName);
        this.wanted = wanted;
    }

    /** Gives what was queued to the executor, all in one task if the thread is ours. On the thread that reads. */
    void handOver() {
        if (!wanted.getAsBoolean() || queue.isEmpty()) {
            return;
        }
        if (users != null) {
            handOverEach(users);
        } else if (drainScheduled.compareAndSet(false, true) && !submit(own, this::drain)) {
            drainScheduled.set(false);
        }
    }

    /** As many tasks as there is work. Each takes the oldest when it runs: until then it counts in our queue. */
    private void handOverEach(Executor executor) {
        while (wanted.getAsBoolean() && hasWorkWithoutTask()) {
            handedOver.incrementAndGet();
            if (!submit(executor, this::runOne)) {
                handedOver.decrementAndGet();
                queue.take(1).forEach(handling::refuseFull);
            }
        }
    }

    /** The work is counted first: tasks that take some in between make too many tasks, never too few. */
    private boolean hasWorkWithoutTask() {
        int waiting = queue.size();
        return handedOver.get() < waiting;
    }

    private void runOne() {
        // before the work is taken: else what comes in meanwhile would find this task still counted
        handedOver.decrementAndGet();
        if (wanted.getAsBoolean()) {
            batches.runOne();
        }
    }

    /** On the thread that reads, so whatever an executor throws must end here. */
    private boolean submit(Executor executor, Runnable task) {
        try {
            executor.execute(task);
            return true;
        } catch (RuntimeException | Error rejected) {
            SessionLog.LOG.error("{} handler executor takes no more", sessionName, rejected);
            return false;
        }
    }

    private void drain() {
        do {
            boolean more = true;
            while (more && wanted.getAsBoolean()) {
                more = batches.runOnOurs();
            }
            drainScheduled.set(false);
        } while (wanted.getAsBoolean() && !queue.isEmpty() && drainScheduled.compareAndSet(false, true));
    }

    /** Lets our thread end as soon as it has nothing to do. */
    void retire() {
        own.retire();
    }
}
