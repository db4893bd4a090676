package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Rejected;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Sends the parts of one stream, in order, as far as they are wanted. Threads that send at once take turns. */
final class PartSender {

    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Facts facts;
    private final Outbound outbound;
    private final Queueing queueing;
    private final Scheduler scheduler;
    private final Runnable beforeWaiting;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile long sent; // written under turn
    private boolean ended; // guarded by turn
    /** A part was not sent, so that no end may make the others look whole. */
    private boolean cut; // guarded by turn

    /** Which stream. */
    record Facts(long id, Demand demand, long deadlineNanos) {}

    /** What sending needs of its session. */
    record Parts(Outbound outbound, Queueing queueing, Scheduler scheduler, Runnable beforeWaiting) {}

    PartSender(Facts facts, Parts parts) {
        this.facts = facts;
        this.outbound = parts.outbound();
        this.queueing = parts.queueing();
        this.scheduler = parts.scheduler();
        this.beforeWaiting = parts.beforeWaiting();
    }

    Demand demand() {
        return facts.demand();
    }

    /**
     * Blocks until the part is wanted, and sends it.
     *
     * @return false if nobody wants it any more, or the time is up
     * @throws IpcFailure if it can't be encoded
     * @throws CancellationException if the thread is interrupted while it waits; the flag is set then
     */
    boolean send(Message part) {
        takeTurn();
        try {
            if (ended) {
                throw new IllegalStateException("part behind the end: requestId=" + Long.toHexString(facts.id()));
            }
            long number = sent;
            cut = cut
                    || !await(() -> facts.demand().reaches(number))
                    || !append(() -> outbound.part(part, facts.id(), number));
            if (cut) {
                return false;
            }
            sent = number + 1;
            return true;
        } finally {
            turn.unlock();
        }
    }

    private void takeTurn() {
        try {
            if (!turn.tryLock()) {
                turn.lockInterruptibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for its turn");
        }
    }

    /** Returns how many parts were sent. */
    long sent() {
        return sent;
    }

    /**
     * Says that no part comes any more, unless that was said. What it throws leaves it unsaid.
     *
     * @return whether that was said; false if nobody wants to know, or a part was not sent
     */
    boolean end() {
        takeTurn();
        try {
            ended = ended
                    || (!cut
                            && await(facts.demand()::hasBegun)
                            && append(() -> outbound.lastPart(facts.id(), sent, Send.SMALL_PART)));
            return ended;
        } finally {
            turn.unlock();
        }
    }

    /** Lets no part go any more, and returns whether all were sent: then the end is still to be said. */
    boolean shut() {
        turn.lock();
        try {
            ended = true;
            return !cut;
        } finally {
            turn.unlock();
        }
    }

    private boolean await(BooleanSupplier condition) {
        while (!facts.demand().isOver() && !condition.getAsBoolean()) {
            long left = facts.deadlineNanos() - scheduler.nanoTime();
            if (left <= 0) {
                return false;
            }
            beforeWaiting.run();
            try {
                facts.demand().await(condition, Math.min(left, LOOK_NANOS));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while waiting for demand");
            }
        }
        return !facts.demand().isOver();
    }

    private boolean append(Supplier<Next> attempt) {
        Next next = attempt.get();
        if (next != Next.FULL) {
            return next != Next.WITHDRAWN;
        }
        Next[] last = {next};
        Queueing.End end = queueing.sendPart(
                () -> {
                    last[0] = facts.demand().isOver() ? Next.WITHDRAWN : attempt.get();
                    return last[0];
                },
                facts.demand(),
                facts.deadlineNanos());
        return switch (end) {
            case DONE -> last[0] != Next.WITHDRAWN;
            case OVER, TIME_UP -> false;
            case NOT_ALLOWED ->
                throw new Rejected(Rejected.Reason.QUEUE_FULL, "queue=outbound; a thread that reads must not wait");
            case INTERRUPTED -> throw new CancellationException("interrupted while waiting for room");
        };
    }
}
