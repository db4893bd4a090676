package dev.streamipc.session;

import java.util.concurrent.locks.ReentrantLock;

/** Where frames stand in the stream, and how far the other side is known to have read. For all threads. */
final class Places {

    private final ReentrantLock lock;
    private final TwinBuffer buffer;
    private final ReadMarks marks;

    /**
     * Makes the places of an {@link Outbox}.
     *
     * @param lock the outbox's, which guards the others
     */
    Places(ReentrantLock lock, TwinBuffer buffer, ReadMarks marks) {
        this.lock = lock;
        this.buffer = buffer;
        this.marks = marks;
    }

    /**
     * The call has its answer: the other side has read its frame, and everything before it.
     *
     * @return false if the frame has not left, so that the answer is none to it
     */
    boolean confirm(Passage passage) {
        lock.lock();
        try {
            marks.read(passage);
            marks.remember(passage);
            return passage.startBytes() != Passage.NOT_APPENDED;
        } finally {
            lock.unlock();
        }
    }

    /** The call has no answer yet, but the other side has read its frame. */
    void confirmRunning(Passage passage) {
        lock.lock();
        try {
            marks.read(passage);
        } finally {
            lock.unlock();
        }
    }

    /** Returns where a request of a call that has ended stood, or {@link Long#MAX_VALUE} if that was forgotten. */
    long startOfEnded(long id) {
        lock.lock();
        try {
            return marks.startOf(id);
        } finally {
            lock.unlock();
        }
    }

    /** Returns where a frame stands; {@link Passage#NOT_APPENDED} if nowhere yet. */
    long startOf(Passage passage) {
        lock.lock();
        try {
            return passage.startBytes();
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether a frame has not left or stands behind a position. */
    boolean isBehind(Passage passage, long startBytes) {
        lock.lock();
        try {
            return passage.startBytes() == Passage.NOT_APPENDED
                    || passage.startBytes() >= buffer.baseBytes()
                    || passage.startBytes() > startBytes;
        } finally {
            lock.unlock();
        }
    }
}
