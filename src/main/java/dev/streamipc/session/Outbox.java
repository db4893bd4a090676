package dev.streamipc.session;

import dev.streamipc.frame.FrameEncoder;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
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
     * Two byte arrays take turns: frames are appended to one while the other is written. Swapping them is the moment at
     * which a frame becomes SENT; until then it can be overwritten by VOID. At most one thread, the flusher, swaps and
     * writes at any time, so the order of the buffer is the order of the stream.
     *
     * Until the other side is READY, only opening frames are written; they have a buffer of their own.
     *
     * A sending thread flushes by itself only if at most MAX_CALLS_FOR_OWN_FLUSH calls are in flight and what the other
     * side is not yet known to have read, plus what is buffered, fits SURE_BYTES: that fits every pipe (POSIX promises
     * PIPE_BUF, 4,096 bytes on Linux; a pipe of 64 KiB holds half of that if it is filled by small writes), so the write
     * can't block. Everything else goes to the writer thread, which may block.
     */

    /** What the thread that appended has to do next. */
    enum Next {
        NOTHING,
        /** Flush: this thread is the flusher now. */
        FLUSH,
        /** Wake the writer. */
        WAKE_WRITER,
        /** Let the writer come by soon, in case the cork is not pulled. */
        ARM_WRITER,
        /** Refused: over the bound. */
        FULL,
        /** Refused: the call has ended already, or the session has. */
        WITHDRAWN
    }

    /** Who appends, which decides over bounds and who writes. */
    enum Source {
        /** A request: its thread may write what surely fits. */
        CALL,
        /** A notification: always the writer's. */
        NOTE,
        /** An answer of a handler: waits for room instead of being refused. */
        ANSWER,
        /** A control frame, perhaps of a reader: bound of its own, always the writer's. */
        CONTROL
    }

    static final int SURE_BYTES = 4_096;
    static final int MAX_CALLS_FOR_OWN_FLUSH = 2;
    static final int CORK_BYTES = 32 * 1_024;
    static final int MAX_CONTROL_BYTES = 1 << 20;
    private static final int SMALL_BYTES = 4_096;
    private static final int RECENTLY_ENDED = 256;
    private static final int KEPT_BYTES = 64 * 1_024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final FrameEncoder encoder;
    private final long maxQueuedBytes;
    private final boolean sureChannel;

    private byte[] filling = new byte[SMALL_BYTES];
    private int filled;
    private int liveFrames;
    private byte[] flushing = new byte[SMALL_BYTES];
    private int flushingBytes;
    private byte[] early = new byte[0];
    private int earlyBytes;
    private boolean open;
    private boolean ended;
    private boolean flusherActive;
    private boolean handlersMayWrite;
    private @Nullable Thread corker;
    private int corkedFrames;

    /** The calls that ended last, so that a goodbye can name one of them. */
    private final @Nullable Passage[] recentlyEnded = new Passage[RECENTLY_ENDED];

    private int recentlyEndedCount;

    /** Stream position of {@code filling[0]}; opening frames are not counted. */
    private long baseBytes;
    /** Everything before this position was read by the other side. */
    private long confirmedBytes;
    /** Bytes of opening frames that were written and are not confirmed. */
    private long unconfirmedEarlyBytes;

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
                return appendLocked(frame, length, null, Source.CONTROL, Integer.MAX_VALUE);
            }
            if (ended || earlyBytes + length > MAX_CONTROL_BYTES) {
                return ended ? Next.WITHDRAWN : Next.FULL;
            }
            early = roomFor(early, earlyBytes, length);
            System.arraycopy(frame, 0, early, earlyBytes, length);
            earlyBytes += length;
            return earlyNext();
        } finally {
            lock.unlock();
        }
    }

    /** Appends the last frame: behind all that waits for the other side's READY, or early if nothing does. */
    Next appendLast(byte[] frame, int length) {
        lock.lock();
        try {
            return open || liveFrames > 0
                    ? appendLocked(frame, length, null, Source.CONTROL, Integer.MAX_VALUE)
                    : appendEarly(frame, length);
        } finally {
            lock.unlock();
        }
    }

    private Next earlyNext() {
        if (flusherActive) {
            return Next.NOTHING;
        }
        if (sureChannel && unconfirmedEarlyBytes + earlyBytes <= SURE_BYTES) {
            flusherActive = true;
            return Next.FLUSH;
        }
        return Next.WAKE_WRITER;
    }

    /**
     * Appends a frame.
     *
     * @param passage gets the frame's place, null if nobody asks
     * @param how who sends, which decides who writes
     */
    Next append(byte[] frame, int length, @Nullable Passage passage, Send how) {
        lock.lock();
        try {
            return appendLocked(frame, length, passage, how.source(), how.callsInFlight());
        } finally {
            lock.unlock();
        }
    }

    /** How a frame is sent. */
    record Send(Source source, int callsInFlight) {
        static final Send NOTE = new Send(Source.NOTE, 0);
        static final Send ANSWER = new Send(Source.ANSWER, 0);
        static final Send CONTROL = new Send(Source.CONTROL, 0);
        private static final Send FEW_CALLS = new Send(Source.CALL, 1);
        private static final Send MANY_CALLS = new Send(Source.CALL, Integer.MAX_VALUE);

        static Send call(int callsInFlight) {
            return callsInFlight <= MAX_CALLS_FOR_OWN_FLUSH ? FEW_CALLS : MANY_CALLS;
        }
    }

    private Next appendLocked(
            byte[] frame, int length, @Nullable Passage passage, Source source, int callsInFlight) {
        if (ended || (passage != null && passage.withdrawn)) {
            return Next.WITHDRAWN;
        }
        if ((long) filled + flushingBytes >= bound(source)) {
            return Next.FULL;
        }
        filling = roomFor(filling, filled, length);
        System.arraycopy(frame, 0, filling, filled, length);
        if (passage != null) {
            passage.startBytes = baseBytes + filled;
            passage.endBytes = passage.startBytes + length;
        }
        filled += length;
        liveFrames++;
        return next(source, callsInFlight);
    }

    private long bound(Source source) {
        return switch (source) {
            case CALL, NOTE -> maxQueuedBytes;
            case ANSWER -> 2 * maxQueuedBytes;
            case CONTROL -> 2 * maxQueuedBytes + MAX_CONTROL_BYTES;
        };
    }

    private Next next(Source source, int callsInFlight) {
        if (!open) {
            return Next.NOTHING;
        }
        if (corker != null) {
            if (corker == Thread.currentThread() && source != Source.CALL) {
                return corkedNext();
            }
            corker = null;
        }
        if (flusherActive) {
            return Next.NOTHING;
        }
        if (mayWrite(source, callsInFlight)) {
            flusherActive = true;
            return Next.FLUSH;
        }
        return Next.WAKE_WRITER;
    }

    private Next corkedNext() {
        if (filled >= CORK_BYTES && !flusherActive && handlersMayWrite) {
            flusherActive = true;
            return Next.FLUSH;
        }
        if (filled >= CORK_BYTES) {
            return Next.WAKE_WRITER;
        }
        return corkedFrames++ == 0 ? Next.ARM_WRITER : Next.NOTHING;
    }

    private boolean mayWrite(Source source, int callsInFlight) {
        if (source == Source.ANSWER) {
            return handlersMayWrite;
        }
        long unread = unconfirmedEarlyBytes + baseBytes - confirmedBytes + filled;
        return source == Source.CALL
                && sureChannel
                && callsInFlight <= MAX_CALLS_FOR_OWN_FLUSH
                && unread <= SURE_BYTES;
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
            return filled == 0 || !open || ended ? Next.NOTHING : next(Source.ANSWER, 0);
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
            return (filled > 0 || earlyBytes > 0) && !flusherActive ? Next.WAKE_WRITER : Next.NOTHING;
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
        return earlyBytes > 0 || (open && filled > 0);
    }

    /** Returns whether the flusher left something behind; gives its role back if not. */
    boolean swap() {
        lock.lock();
        try {
            flushingBytes = 0;
            room.signalAll();
            if (ended || !hasWritable()) {
                flusherActive = false;
                shrink();
                return false;
            }
            if (earlyBytes > 0) {
                swapEarly();
            } else {
                swapFilled();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void swapEarly() {
        flushing = early;
        flushingBytes = earlyBytes;
        unconfirmedEarlyBytes += earlyBytes;
        early = new byte[0];
        earlyBytes = 0;
    }

    private void swapFilled() {
        byte[] free = flushing.length >= SMALL_BYTES ? flushing : new byte[SMALL_BYTES];
        flushing = filling;
        flushingBytes = filled;
        baseBytes += filled;
        filling = free;
        filled = 0;
        liveFrames = 0;
        corkedFrames = 0;
    }

    private void shrink() {
        if (flushing.length > KEPT_BYTES) {
            flushing = new byte[SMALL_BYTES];
        }
        if (filled == 0 && filling.length > KEPT_BYTES) {
            filling = new byte[SMALL_BYTES];
        }
    }

    /** Returns whether the writer should go on after this flusher: it gives the role back first. */
    boolean release() {
        lock.lock();
        try {
            flushingBytes = 0;
            flusherActive = false;
            room.signalAll();
            if (ended || !hasWritable()) {
                shrink();
                return false;
            }
            return corker == null;
        } finally {
            lock.unlock();
        }
    }

    /** The bytes that the flusher is to write; valid until its next {@link #swap} or {@link #release}. */
    byte[] flushing() {
        return flushing;
    }

    /** How many of {@link #flushing} are to be written. */
    int flushingBytes() {
        return flushingBytes;
    }

    /** The call has its answer: the other side has read its frame, and everything before it. */
    void confirm(Passage passage) {
        lock.lock();
        try {
            read(passage);
            ended(passage);
        } finally {
            lock.unlock();
        }
    }

    /** The call has no answer yet, but the other side has read its frame. */
    void confirmRunning(Passage passage) {
        lock.lock();
        try {
            read(passage);
        } finally {
            lock.unlock();
        }
    }

    private void read(Passage passage) {
        confirmedBytes = Math.max(confirmedBytes, passage.endBytes);
        unconfirmedEarlyBytes = 0;
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
            if (passage.startBytes < baseBytes) {
                ended(passage);
                return false;
            }
            liveFrames--;
            if (!ended) {
                encoder.voidOut(filling, (int) (passage.startBytes - baseBytes));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void ended(Passage passage) {
        recentlyEnded[recentlyEndedCount++ & (RECENTLY_ENDED - 1)] = passage;
    }

    /** Returns where a request of a call that has ended stood, or {@link Long#MAX_VALUE} if that was forgotten. */
    long startOfEnded(long id) {
        lock.lock();
        try {
            for (Passage passage : recentlyEnded) {
                if (passage != null && passage.id == id) {
                    return passage.startBytes;
                }
            }
            return Long.MAX_VALUE;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether a frame has not left or stands behind a position. */
    boolean isBehind(Passage passage, long startBytes) {
        lock.lock();
        try {
            return passage.startBytes == Passage.NOT_APPENDED
                    || passage.startBytes >= baseBytes
                    || passage.startBytes > startBytes;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until an answer may be appended; false if the time is up. */
    boolean awaitRoom(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!ended && (long) filled + flushingBytes >= bound(Source.ANSWER) && left > 0) {
                left = room.awaitNanos(left);
            }
            return left > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything was written; false if the time is up. */
    boolean awaitWritten(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = Math.min(nanos, TimeUnit.DAYS.toNanos(1));
            while (!ended && (flusherActive || hasWritable()) && left > 0) {
                left = room.awaitNanos(left);
            }
            return left > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether nothing waits and nothing is being written. */
    boolean isIdle() {
        lock.lock();
        try {
            return ended || (!flusherActive && !hasWritable());
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is appended or swapped any more; whoever waits for room goes on. */
    void end() {
        lock.lock();
        try {
            ended = true;
            filled = 0;
            earlyBytes = 0;
            filling = new byte[0];
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static byte[] roomFor(byte[] buffer, int used, int more) {
        int needed = Math.addExact(used, more);
        if (needed <= buffer.length) {
            return buffer;
        }
        long doubled = Math.max(needed, 2L * buffer.length);
        return Arrays.copyOf(buffer, (int) Math.min(doubled, Integer.MAX_VALUE - 8));
    }
}
