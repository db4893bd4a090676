package dev.streamipc.session;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The threads that wait for room in the {@link Outbox}, and what takes room before it is a frame. Takes its lock. */
final class RoomWaits {

    /** Why a wait for room is over. */
    enum End {
        /** It may be tried again. */
        ROOM,
        /** The time is up. */
        TIME_UP,
        /** There is nothing to wait for any more: the call has ended, or the session is ending. */
        OVER
    }

    private final ReentrantLock lock;
    private final Condition changed;
    private final Room room;
    private boolean otherSideReads;
    private boolean stopped;
    private boolean ended;

    /**
     * Makes the waits of an outbox.
     *
     * @param lock the lock of the outbox
     * @param changed signalled, with the lock, when there may be room
     */
    RoomWaits(ReentrantLock lock, Condition changed, Room room) {
        this.lock = lock;
        this.changed = changed;
        this.room = room;
    }

    /** An answer found no room: from now until {@link #answerHasRoom} no call or notification is taken. */
    void answerWaits() {
        lock.lock();
        try {
            room.answersWaiting(1);
        } finally {
            lock.unlock();
        }
    }

    /** That answer was appended, or never will be. */
    void answerHasRoom() {
        lock.lock();
        try {
            room.answersWaiting(-1);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether an answer may be appended, or nothing can be any more. */
    boolean hasRoom() {
        lock.lock();
        try {
            return ended || !room.isAtBound();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until an answer may be appended, by the time limit at the latest. */
    void awaitForAnswer(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!ended && room.isAtBound() && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Says whether the other side has a thread that only reads. Called with the lock. */
    void otherSideReads(boolean does) {
        otherSideReads = does;
    }

    /** Returns how many bytes will have left with all that was appended, if the other side reads them without our help; else 0. */
    long endBytes() {
        lock.lock();
        try {
            return otherSideReads ? room.endBytes() : 0;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether so many bytes have left, or nothing leaves any more. */
    boolean isGone(long bytes) {
        lock.lock();
        try {
            return ended || room.isGone(bytes);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until so many bytes have left, nothing leaves any more, or the time is up. */
    void awaitGone(long bytes, long nanos) {
        boolean interrupted = false;
        lock.lock();
        try {
            long left = nanos;
            while (!ended && !room.isGone(bytes) && left > 0) {
                try {
                    left = changed.awaitNanos(left);
                } catch (InterruptedException meantForTheHandler) {
                    interrupted = true;
                }
            }
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Waits until a call or notification may be appended.
     *
     * @param passage of a call: the wait is over when it is withdrawn
     */
    End awaitForCall(@Nullable Passage passage, long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            // once nothing leaves any more, how the session ends will be known soon
            while (!isOver(passage) && (ended || room.isFullForMessages()) && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (isOver(passage)) {
                return End.OVER;
            }
            return left > 0 ? End.ROOM : End.TIME_UP;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until a part of a stream may be appended: also while the session is ending, since its call may be owed.
     *
     * @param isOver whether nobody wants it any more; when that changes {@link #wake} is to be called
     */
    End awaitForPart(BooleanSupplier isOver, long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!isOver.getAsBoolean() && !ended && room.isFullForMessages() && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (isOver.getAsBoolean()) {
                return End.OVER;
            }
            return left > 0 ? End.ROOM : End.TIME_UP;
        } finally {
            lock.unlock();
        }
    }

    /** Has all that wait look again. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean isOver(@Nullable Passage passage) {
        return stopped || (passage != null && passage.isWithdrawn());
    }

    /** Lets a message that is no frame yet take room; false if there is none. */
    boolean hold(long bytes) {
        lock.lock();
        try {
            if (room.isFullForMessages()) {
                return false;
            }
            room.hold(bytes);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** That message has become a frame, or never will. */
    void letGo(long bytes) {
        lock.lock();
        try {
            room.letGo(bytes);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No call or notification is accepted any more, so none need wait. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing leaves any more. Called with the lock. */
    void end() {
        ended = true;
        changed.signalAll();
    }
}
