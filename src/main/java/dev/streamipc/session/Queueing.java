package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Rejected;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a caller's thread does that finds no room: it gives up at once, or it waits. Never on a thread that reads. */
final class Queueing {

    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RoomWaits room;
    private final PendingCalls pending;
    private final Scheduler scheduler;
    private final BooleanSupplier mayWait;

    /** How a wait ended. */
    enum End {
        /** What was to be done is done. */
        DONE,
        /** This thread must not wait. */
        NOT_ALLOWED,
        TIME_UP,
        INTERRUPTED,
        /** There is nothing to wait for any more: the call has ended, or the session has. */
        OVER
    }

    /** Waits for what an attempt needs, for at most so long. */
    private interface Step {
        RoomWaits.End await(long nanos) throws InterruptedException;
    }

    /**
     * Makes the waits of a session.
     *
     * @param mayWait sees to it that somebody reads meanwhile; false on a thread that reads itself
     */
    Queueing(RoomWaits room, PendingCalls pending, Scheduler scheduler, BooleanSupplier mayWait) {
        this.room = room;
        this.pending = pending;
        this.scheduler = scheduler;
        this.mayWait = mayWait;
    }

    /**
     * Waits for room and sends, until that was taken.
     *
     * @param passage of a call, null for a notification
     */
    End send(Supplier<Next> attempt, @Nullable Passage passage, long untilNanos) {
        return until(() -> attempt.get() != Next.FULL, nanos -> room.awaitForCall(passage, nanos), untilNanos);
    }

    /** Waits for room and sends a part of a stream, until that was taken or nobody wants it any more. */
    End sendPart(Supplier<Next> attempt, Demand demand, long untilNanos) {
        Runnable forget = demand.onChange(room::wake);
        try {
            return until(
                    () -> attempt.get() != Next.FULL, nanos -> room.awaitForPart(demand::isOver, nanos), untilNanos);
        } finally {
            forget.run();
        }
    }

    /** Waits until one more call may be in flight. */
    End awaitFewerCalls(long untilNanos) {
        return until(() -> true, pending::awaitFewer, untilNanos);
    }

    /** Returns whether this is a failure that a wait may help against. */
    static boolean isFull(@Nullable IpcFailure refusal) {
        return refusal instanceof Rejected rejected && rejected.reason() == Rejected.Reason.QUEUE_FULL;
    }

    private End until(BooleanSupplier attempt, Step step, long untilNanos) {
        if (!mayWait.getAsBoolean()) {
            return End.NOT_ALLOWED;
        }
        try {
            while (true) {
                long left = untilNanos - scheduler.nanoTime();
                if (left <= 0) {
                    return End.TIME_UP;
                }
                switch (step.await(Math.min(left, LOOK_NANOS))) {
                    case ROOM -> {
                        if (attempt.getAsBoolean()) {
                            return End.DONE;
                        }
                    }
                    case OVER -> {
                        return End.OVER;
                    }
                    case TIME_UP -> {}
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return End.INTERRUPTED;
        }
    }
}
