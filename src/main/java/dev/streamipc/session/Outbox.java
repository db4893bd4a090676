package dev.streamipc.session;

import dev.streamipc.frame.FrameEncoder;
import dev.streamipc.session.Send.Source;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The outbound buffer of a session: frames in the order in which they leave, and the decision who writes them.
 *
 * <p>It does no I/O. One lock guards all fields; it is never held during a write, an encode or user code.
 */
final class Outbox {
    /*
     * Frames are appended to one array while the other is written. Swapping the two is the moment at which a frame becomes
     * SENT; until then it can be overwritten by VOID. At most one thread, the flusher, swaps and writes at any time, so the
     * order of the buffer is the order of the stream. Until the other side is READY, only opening frames are written.
     *
     * A sending thread flushes by itself only if at most two calls are in flight and what the other side is not yet known
     * to have read, plus what is buffered, fits SURE_BYTES: that fits every pipe (POSIX promises PIPE_BUF, 4,096 bytes on
     * Linux; a pipe of 64 KiB holds half of that if it is filled by small writes), so the write can't block. A handler's
     * thread may write if the other side has a thread that only reads. Everything else goes to the writer thread.
     */

    static final int SURE_BYTES = 4_096;
    static final int CORK_BYTES = 32 * 1_024;
    static final int MAX_CONTROL_BYTES = 8 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final FrameEncoder encoder;
    private final long maxQueuedBytes;
    private final boolean sureChannel;
    private final TwinBuffer buffer = new TwinBuffer();
    private final ReadMarks marks = new ReadMarks();
    private int liveFrames;
    private int controlBytes;
    private boolean open;
    private boolean ended;
    private boolean flusherActive;
    private boolean handlersMayWrite;
    private @Nullable Thread corker;
    private int corkedFrames;

    Outbox(FrameEncoder encoder, long maxQueuedBytes, int channelCapacityBytes) {
        this.encoder = encoder;
        this.maxQueuedBytes = maxQueuedBytes;
        this.sureChannel = channelCapacityBytes >= SURE_BYTES;
    }

    /** Appends an opening frame, which is written even before the other side is ready. */
    Next appendEarly(byte[] frame, int length) {
        lock.lock();
        try {
            if (open) {
                return appendLocked(frame, length, null, Send.CONTROL);
            }
            if (ended || buffer.earlyBytes() + length > MAX_CONTROL_BYTES) {
                return ended ? Next.WITHDRAWN : Next.FULL;
            }
            buffer.appendEarly(frame, length);
            return flusherActive ? Next.NOTHING : earlyNext();
        } finally {
            lock.unlock();
        }
    }

    private Next earlyNext() {
        boolean sure = sureChannel && marks.unreadEarlyBytes() + buffer.earlyBytes() <= SURE_BYTES;
        return sure ? flush() : Next.WAKE_WRITER;
    }

    /** Appends the last frame: behind all that waits for the other side's READY, or early if nothing does. */
    Next appendLast(byte[] frame, int length) {
        lock.lock();
        try {
            return open || liveFrames > 0 ? appendLocked(frame, length, null, Send.LAST) : appendEarly(frame, length);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Appends a frame.
     *
     * @param passage gets the frame's place, null if nobody asks
     */
    Next append(byte[] frame, int length, @Nullable Passage passage, Send how) {
        lock.lock();
        try {
            return appendLocked(frame, length, passage, how);
        } finally {
            lock.unlock();
        }
    }

    private Next appendLocked(byte[] frame, int length, @Nullable Passage passage, Send how) {
        if (ended || (passage != null && passage.withdrawn)) {
            return Next.WITHDRAWN;
        }
        if (isFull(length, how.source())) {
            return Next.FULL;
        }
        controlBytes += how.source() == Source.CONTROL ? length : 0;
        long startBytes = buffer.append(frame, length);
        if (passage != null) {
            passage.startBytes = startBytes;
            passage.endBytes = startBytes + length;
        }
        liveFrames++;
        return open ? next(how) : Next.NOTHING;
    }

    private boolean isFull(int length, Source source) {
        return switch (source) {
            case CALL, NOTE -> buffer.queuedBytes() >= maxQueuedBytes || !buffer.holds(length);
            case ANSWER, STARTED -> isFullForAnswers() || !buffer.holds(length);
            case CONTROL -> controlBytes >= MAX_CONTROL_BYTES || !buffer.holds(length);
            case LAST -> !buffer.holds(length);
        };
    }

    private boolean isFullForAnswers() {
        return buffer.queuedBytes() >= 2 * maxQueuedBytes;
    }

    private Next next(Send how) {
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

    /** Makes the calling thread the flusher of what is here now, and of nothing that comes after its decision. */
    private Next flush() {
        flusherActive = true;
        take();
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

    TwinBuffer.Load load() {
        return buffer.load();
    }

    /** Holds back the answers of the calling handler thread until {@link #uncork}, or until something else is sent. */
    void cork() {
        lock.lock();
        try {
            corker = Thread.currentThread();
            corkedFrames = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the cork of the calling thread. */
    Next uncork() {
        lock.lock();
        try {
            if (corker == Thread.currentThread()) {
                corker = null;
            }
            return buffer.filled() == 0 || !open || ended ? Next.NOTHING : next(Send.ANSWER);
        } finally {
            lock.unlock();
        }
    }

    /** The other side is ready: what waited may go. Handlers may write if it has a thread that only reads. */
    Next open(boolean otherSideHasReader) {
        lock.lock();
        try {
            open = true;
            handlersMayWrite = otherSideHasReader;
            return hasWritable() && !flusherActive ? Next.WAKE_WRITER : Next.NOTHING;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the flusher's role if it is free and there is something to write. */
    boolean claimFlusher() {
        lock.lock();
        try {
            if (flusherActive || ended || !hasWritable()) {
                return false;
            }
            flusherActive = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasWritable() {
        return buffer.earlyBytes() > 0 || (open && buffer.filled() > 0);
    }

    /** Gives the flusher the next bytes; false if there are none, and then its role is given back. */
    boolean swap() {
        lock.lock();
        try {
            buffer.flushed();
            changed.signalAll();
            if (ended || !hasWritable()) {
                flusherActive = false;
                buffer.shrink();
                return false;
            }
            take();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Moves the next bytes to the flusher: opening frames first. */
    private void take() {
        if (buffer.earlyBytes() > 0) {
            marks.earlyWritten(buffer.swapEarly());
        } else {
            buffer.swapFilled();
            controlBytes = 0;
            liveFrames = 0;
            corkedFrames = 0;
        }
    }

    /** Gives the flusher's role back, and returns whether the writer should go on. */
    boolean release() {
        lock.lock();
        try {
            buffer.flushed();
            flusherActive = false;
            changed.signalAll();
            if (ended || !hasWritable()) {
                buffer.shrink();
                return false;
            }
            // even under a cork: its writer may have come by while this flusher was still at work
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The bytes that the flusher is to write; valid until its next {@link #swap} or {@link #release}. */
    byte[] flushing() {
        return buffer.flushing();
    }

    /** How many of {@link #flushing} are to be written. */
    int flushingBytes() {
        return buffer.flushingBytes();
    }

    /** The call has its answer: the other side has read its frame, and everything before it. */
    void confirm(Passage passage) {
        lock.lock();
        try {
            marks.read(passage);
            marks.remember(passage);
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
            return passage.startBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether a frame has not left or stands behind a position. */
    boolean isBehind(Passage passage, long startBytes) {
        lock.lock();
        try {
            return passage.startBytes == Passage.NOT_APPENDED
                    || passage.startBytes >= buffer.baseBytes()
                    || passage.startBytes > startBytes;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a frame back if it has not left.
     *
     * @return true if it never will; false if it was handed to the channel
     */
    boolean withdraw(Passage passage) {
        lock.lock();
        try {
            passage.withdrawn = true;
            if (passage.startBytes == Passage.NOT_APPENDED) {
                return true;
            }
            if (passage.startBytes < buffer.baseBytes()) {
                marks.remember(passage);
                return false;
            }
            liveFrames--;
            if (!ended) {
                encoder.voidOut(buffer.filling(), (int) (passage.startBytes - buffer.baseBytes()));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until an answer may be appended; false if the time is up. */
    boolean awaitRoom(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!ended && isFullForAnswers() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return left > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether nothing is left to write. */
    boolean isWritten() {
        lock.lock();
        try {
            return ended || !(flusherActive || hasWritable());
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is appended or swapped any more; whoever waits for room goes on. */
    void end() {
        lock.lock();
        try {
            ended = true;
            buffer.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
