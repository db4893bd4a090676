package dev.streamipc.session;

import dev.streamipc.session.Send.Source;
import org.jspecify.annotations.Nullable;

/**
 * Who writes what was appended: the thread that did, the writer thread, or whoever is at it; and what a cork holds back.
 * Guarded by the lock of the {@link Outbox}.
 */
final class WriterChoice {
    /*
     * At most one thread, the flusher, swaps and writes at any time.
     *
     * A sending thread flushes by itself only if at most two calls are in flight and what the other side is not yet known
     * to have read, plus what is buffered, fits SURE_BYTES: that fits every pipe (POSIX promises PIPE_BUF, 4,096 bytes on
     * Linux; a pipe of 64 KiB holds half of that if it is filled by small writes), so the write can't block. A handler's
     * thread may write if the other side has a thread that only reads. Everything else goes to the writer thread. Where the
     * channel does not say what it holds, all does: it may be one that an interrupt of a user's thread closes.
     */

    static final int SURE_BYTES = 4_096;
    private static final int CORK_BYTES = 32 * 1_024;

    private final TwinBuffer buffer;
    private final ReadMarks marks;
    private final boolean sureChannel;
    private boolean flusherActive;
    private boolean handlersMayWrite;
    private @Nullable Thread corker;
    private int corkedFrames;

    WriterChoice(TwinBuffer buffer, ReadMarks marks, int channelCapacityBytes) {
        this.buffer = buffer;
        this.marks = marks;
        this.sureChannel = channelCapacityBytes >= SURE_BYTES;
    }

    /** The other side has a thread that only reads, or has none. */
    void handlersMayWrite(boolean may) {
        handlersMayWrite = may && sureChannel;
    }

    /** Decides after an append; the calling thread is the flusher if the answer is {@link Next#FLUSH}. */
    Next next(Send how) {
        if (corker != null && how.source() != Source.STARTED) {
            if (corker == Thread.currentThread() && how.source() != Source.CALL) {
                return corkedNext();
            }
            corker = null;
        }
        if (flusherActive) {
            return Next.NOTHING;
        }
        return mayWrite(how) ? flush() : Next.WAKE_WRITER;
    }

    /** Decides after an opening frame. */
    Next earlyNext() {
        if (flusherActive) {
            return Next.NOTHING;
        }
        boolean sure = sureChannel && marks.unreadEarlyBytes() + buffer.earlyBytes() <= SURE_BYTES;
        return sure ? flush() : Next.WAKE_WRITER;
    }

    private Next flush() {
        flusherActive = true;
        return Next.FLUSH;
    }

    private Next corkedNext() {
        if (buffer.filled() < CORK_BYTES) {
            return corkedFrames++ == 0 ? Next.ARM_WRITER : Next.NOTHING;
        }
        return flusherActive || !handlersMayWrite ? Next.WAKE_WRITER : flush();
    }

    private boolean mayWrite(Send how) {
        if (how.source() == Source.ANSWER || how.source() == Source.STARTED) {
            return handlersMayWrite;
        }
        long unreadBytes = marks.unreadBytes(buffer.baseBytes()) + buffer.earlyBytes() + buffer.filled();
        return how.fewCalls() && sureChannel && unreadBytes <= SURE_BYTES;
    }

    /** Holds back the answers of the calling thread until {@link #uncork}, or until something else is sent. */
    void cork() {
        corker = Thread.currentThread();
        corkedFrames = 0;
    }

    /** Ends the cork of the calling thread. */
    void uncork() {
        if (corker == Thread.currentThread()) {
            corker = null;
        }
    }

    /** What was corked is on its way: the next corked frame arms the writer again. */
    void swapped() {
        corkedFrames = 0;
    }

    boolean hasFlusher() {
        return flusherActive;
    }

    /** Makes the calling thread the flusher, or takes that role from it. */
    void flusher(boolean active) {
        flusherActive = active;
    }
}
