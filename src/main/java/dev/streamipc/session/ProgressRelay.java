package dev.streamipc.session;

import dev.streamipc.callback.CallbackHop;
import dev.streamipc.callback.Callbacks;
import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.Message;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a task that may be attempted several times, as one stream: what an earlier attempt tells never comes behind what
 * a later one does, and nothing behind the outcome of the task. For all threads; no method blocks.
 */
public final class ProgressRelay {

    /** 16 MiB: of more updates that nobody takes the oldest are dropped. */
    public static final long MAX_WAITING_BYTES = 16L << 20;

    private final ProgressPublisher<?> publisher;
    private final Scheduler scheduler;
    private final Updates updates = new Updates();
    private final Object guard = new Object();
    private @Nullable ProgressPublisher<?> current; // guarded by guard, as all below
    private long dueNanos;

    private ProgressRelay(ProgressPublisher<?> publisher, Scheduler scheduler) {
        this.publisher = publisher;
        this.scheduler = scheduler;
        dueNanos = scheduler.nanoTime();
    }

    /**
     * Makes a relay.
     *
     * @param publisher who listens, of no other call
     * @param callbacks where that one is told
     * @return a relay without an attempt
     * @throws IllegalStateException if the publisher has a call already
     */
    public static ProgressRelay of(ProgressPublisher<?> publisher, Callbacks callbacks) {
        Scheduler scheduler = callbacks.scheduler();
        publisher.begin(new ProgressPublisher.Run(
                callbacks.executor(),
                new ProgressQueue.Budget(MAX_WAITING_BYTES),
                scheduler,
                scheduler.nanoTime() + CallOptions.MAX_DEADLINE.toNanos()));
        return new ProgressRelay(publisher, scheduler);
    }

    /**
     * Begins an attempt; what an earlier one still tells is left out.
     *
     * @param limit how long it may take: no outcome waits for a listener beyond that
     * @return makes the publisher for the options of the attempt's call
     */
    public Supplier<ProgressPublisher<?>> attempt(Duration limit) {
        ProgressPublisher<?> next = new ProgressPublisher.OfAttempt<>(publisher.type(), updates);
        synchronized (guard) {
            current = next;
            dueNanos = scheduler.nanoTime() + limit.toNanos();
        }
        return () -> next;
    }

    /**
     * Has the outcome given behind the updates that somebody has requested: of an answer by the limit of the attempt at the latest,
     * of a failure a second later.
     *
     * @param failure null for an answer
     * @param settle gives the caller the outcome
     */
    public void end(@Nullable Throwable failure, Runnable settle) {
        long leftNanos;
        synchronized (guard) {
            leftNanos = Math.max(0, dueNanos - scheduler.nanoTime());
        }
        long waitNanos = failure == null ? leftNanos : Math.min(leftNanos, CallbackHop.PATIENCE_NANOS);
        Scheduler.Due late = scheduler.schedule(publisher::settleNow, waitNanos);
        publisher.end(failure, () -> {
            late.cancel();
            settle.run();
        });
    }

    /**
     * The caller gets or has the outcome now: no update begins from here on.
     *
     * @param failure null if there is none
     */
    public void stop(@Nullable Throwable failure) {
        publisher.stop(failure);
    }

    /** Gives the caller an outcome that still waits behind updates. */
    public void settleNow() {
        publisher.settleNow();
    }

    private final class Updates implements ProgressPublisher.Task {

        @Override
        public void take(ProgressPublisher<?> attempt, Message message, int bytes, long skipped) {
            synchronized (guard) {
                if (attempt == current) {
                    publisher.put(message, bytes, skipped);
                }
            }
            publisher.drainSoon();
        }

        @Override
        public void skip(ProgressPublisher<?> attempt, long count) {
            synchronized (guard) {
                if (attempt == current) {
                    publisher.skip(count);
                }
            }
        }
    }
}
