package dev.streamipc.session;

import dev.streamipc.frame.FrameEncoder;
import java.nio.ByteBuffer;
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
     */

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final FrameEncoder encoder;
    private final TwinBuffer buffer;
    private final Room room;
    private final RoomWaits waits;
    private final ReadMarks marks = new ReadMarks();
    private final WriterChoice choice;
    private final Aside aside;
    private final Places places;
    private int liveFrames;
    private boolean open;
    private boolean ended;

    /**
     * Makes an outbox with nothing in it.
     *
     * @param channelCapacityBytes what a write surely takes without blocking
     * @param payloadCrc whether payloads carry a checksum
     */
    Outbox(FrameEncoder encoder, Limits limits, int channelCapacityBytes, boolean payloadCrc) {
        this.encoder = encoder;
        this.buffer = new TwinBuffer(limits.maxOutboundBytes() + Room.MAX_CONTROL_BYTES);
        this.aside = new Aside(encoder, payloadCrc);
        this.places = new Places(lock, buffer, marks);
        this.room = new Room(buffer, aside, limits.maxOutboundBytes(), limits.maxCalls());
        this.waits = new RoomWaits(lock, changed, room);
        this.choice = new WriterChoice(buffer, marks, channelCapacityBytes);
    }

    /** Appends an opening frame, which is written even before the other side is ready. */
    Next appendEarly(byte[] frame, int length) {
        lock.lock();
        try {
            if (open) {
                return appendLocked(frame, length, null, Send.CONTROL);
            }
            if (ended || room.isFullForControl()) {
                return ended ? Next.WITHDRAWN : Next.FULL;
            }
            buffer.appendEarly(frame, length);
            return taking(choice.earlyNext());
        } finally {
            lock.unlock();
        }
    }

    /** The flusher gets what is here now, and nothing that comes after this decision. */
    private Next taking(Next next) {
        if (next == Next.FLUSH) {
            take();
        }
        return next;
    }

    /** Appends the last frame: behind all that waits for the other side's READY, or early if nothing does. */
    Next appendLast(byte[] frame, int length) {
        lock.lock();
        try {
            return open || liveFrames > 0 || !aside.isEmpty()
                    ? appendLocked(frame, length, null, Send.LAST)
                    : appendEarly(frame, length);
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
        Next refusal = refusal(length, passage, how);
        if (refusal != null) {
            return refusal;
        }
        if (aside.takes(frame, length, passage, how)) {
            return waiting();
        }
        long startBytes = buffer.append(frame, length);
        if (passage != null) {
            passage.standsAt(startBytes, length);
        }
        liveFrames++;
        room.appended(how.source(), length);
        return open ? taking(choice.next(how)) : Next.NOTHING;
    }

    /** Returns why a frame is not taken, null if it is. */
    private @Nullable Next refusal(int length, @Nullable Passage passage, Send how) {
        if (ended || (passage != null && passage.isWithdrawn())) {
            return Next.WITHDRAWN;
        }
        return room.isFullFor(how.source(), length) ? Next.FULL : null;
    }

    /**
     * Appends a large frame, which leaves in chunks: the other side understands them.
     *
     * @param frame belongs to this outbox from now on, unless it is refused
     * @param passage gets the frame's place, null if nobody asks
     */
    Next appendLarge(LargeFrame frame, @Nullable Passage passage, Send how) {
        lock.lock();
        try {
            Next refusal = refusal(frame.length(), passage, how);
            if (refusal != null) {
                return refusal;
            }
            aside.addLarge(frame, passage);
            buffer.countNote(frame.head(), frame.length());
            return waiting();
        } finally {
            lock.unlock();
        }
    }

    /** What stands aside is the writer's. */
    private Next waiting() {
        room.changed();
        return open && !choice.hasFlusher() ? Next.WAKE_WRITER : Next.NOTHING;
    }

    TwinBuffer.Load load() {
        return buffer.load();
    }

    /** Holds back the answers of the calling handler thread until {@link #uncork}, or until something else is sent. */
    void cork() {
        lock.lock();
        try {
            choice.cork();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the cork of the calling thread. */
    Next uncork() {
        lock.lock();
        try {
            choice.uncork();
            return buffer.filled() == 0 || !open || ended ? Next.NOTHING : taking(choice.next(Send.ANSWER));
        } finally {
            lock.unlock();
        }
    }

    /** The other side is ready: what waited may go. Handlers may write if it has a thread that only reads. */
    Next open(boolean otherSideHasReader) {
        lock.lock();
        try {
            open = true;
            choice.handlersMayWrite(otherSideHasReader);
            waits.otherSideReads(otherSideHasReader);
            return hasWritable() && !choice.hasFlusher() ? Next.WAKE_WRITER : Next.NOTHING;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the flusher's role if it is free and there is something to write. */
    boolean claimFlusher() {
        lock.lock();
        try {
            if (choice.hasFlusher() || ended || !hasWritable()) {
                return false;
            }
            choice.flusher(true);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean hasWritable() {
        return buffer.earlyBytes() > 0 || (open && (buffer.filled() > 0 || !aside.isEmpty()));
    }

    /** Gives the flusher the next bytes; false if there are none, and then its role is given back. */
    boolean swap() {
        lock.lock();
        try {
            flushed();
            if (ended || !hasWritable()) {
                choice.flusher(false);
                buffer.shrink();
                return false;
            }
            if (open && buffer.earlyBytes() == 0 && !aside.isEmpty()) {
                int waitingBytes = aside.controlBytes();
                aside.appendNext(buffer);
                room.appended(Send.Source.CONTROL, waitingBytes - aside.controlBytes());
            }
            take();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void flushed() {
        buffer.flushed();
        room.flushed();
        changed.signalAll();
    }

    /** Moves the next bytes to the flusher: opening frames first. */
    private void take() {
        if (buffer.earlyBytes() > 0) {
            marks.earlyWritten(buffer.swapEarly());
        } else {
            buffer.swapFilled();
            room.swapped();
            liveFrames = 0;
            choice.swapped();
        }
    }

    /** Gives the flusher's role back, and returns whether the writer should go on. */
    boolean release() {
        lock.lock();
        try {
            flushed();
            choice.flusher(false);
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

    /** Returns how far writing has come. */
    Written progress() {
        lock.lock();
        try {
            return new Written(
                    buffer.takenBytes(),
                    buffer.queuedBytes() + buffer.earlyBytes() + aside.bytes(),
                    choice.hasFlusher());
        } finally {
            lock.unlock();
        }
    }

    /** What the flusher is to write now; valid until its next {@link #nextSlice}, {@link #swap} or {@link #release}. */
    ByteBuffer flushing() {
        return buffer.flushing();
    }

    /** The flusher has written that; returns whether there is more of it, in {@link #flushing} again. */
    boolean nextSlice() {
        if (buffer.isFlushed()) {
            return false;
        }
        lock.lock();
        try {
            if (ended) {
                return false;
            }
            buffer.nextSlice();
            room.changed();
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Where frames stand. */
    Places places() {
        return places;
    }

    /**
     * Takes a frame back if it has not left.
     *
     * @return true if it never will; false if it was handed to the channel
     */
    boolean withdraw(Passage passage) {
        lock.lock();
        try {
            passage.withdraw();
            if (passage.startBytes() == Passage.NOT_APPENDED) {
                // its thread may be waiting for room
                changed.signalAll();
                abandon(aside.withdraw(passage));
                return true;
            }
            if (passage.startBytes() < buffer.baseBytes()) {
                marks.remember(passage);
                return false;
            }
            liveFrames--;
            if (!ended) {
                encoder.voidOut(buffer.filling(), (int) (passage.startBytes() - buffer.baseBytes()));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Whatever the bounds are: else the other side would keep what it has for ever. */
    private void abandon(byte[] notice) {
        if (notice.length > 0 && !ended) {
            buffer.append(notice, notice.length);
            liveFrames++;
        }
        room.changed();
    }

    /** Returns whether calls and notifications are refused at the moment. */
    boolean isFull() {
        return room.isFull();
    }

    /** The threads that wait for room. */
    RoomWaits waits() {
        return waits;
    }

    /** Gives memory back that nothing has needed for a while. */
    void rest() {
        lock.lock();
        try {
            if (!choice.hasFlusher()) {
                buffer.rest();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether {@link #rest} would give any back; a guess, for threads without the lock. */
    boolean isGrown() {
        return buffer.isGrown();
    }

    /** Returns whether nothing is left to write. */
    boolean isWritten() {
        lock.lock();
        try {
            return ended || !(choice.hasFlusher() || hasWritable());
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
            aside.clear();
            room.changed();
            waits.end();
        } finally {
            lock.unlock();
        }
    }
}
