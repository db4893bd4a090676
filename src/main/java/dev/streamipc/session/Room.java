package dev.streamipc.session;

import dev.streamipc.session.Send.Source;

/**
 * How much may wait to be written, and who goes first. Guarded by the lock of the {@link Outbox}, but for {@link #isFull}.
 *
 * <p>What waits never exceeds the bound by more than one frame: at the bound calls and notifications are refused, and
 * answers wait. While an answer waits no call or notification is taken, so that those can't starve it. Control frames,
 * which a thread that reads may append, have a bound of their own beside it.
 */
final class Room {

    static final int MAX_CONTROL_BYTES = 8 << 20;
    static final int MAX_BYTES_BEFORE_PROGRESS = 1 << 20;

    private final TwinBuffer buffer;
    private final Aside aside;
    private final long maxBytes;
    private final int maxHeld;
    private int controlBytes;
    private int flushingControlBytes;
    private long heldBytes;
    private int held;
    private int waitingAnswers;
    private volatile boolean full;

    /**
     * Makes the room of a buffer.
     *
     * @param maxHeld how many messages may wait to become frames
     */
    Room(TwinBuffer buffer, Aside aside, long maxBytes, int maxHeld) {
        this.buffer = buffer;
        this.aside = aside;
        this.maxBytes = maxBytes;
        this.maxHeld = maxHeld;
    }

    /** Returns whether a call or notification would be refused now. For threads that do not have the lock. */
    boolean isFull() {
        return full;
    }

    /** Returns whether a frame is refused. */
    boolean isFullFor(Source source, int length) {
        return switch (source) {
            case CALL, NOTE, PART, SMALL_PART -> isFullForCalls() || !buffer.holds(length);
            case PROGRESS -> isFullForProgress() || !buffer.holds(length);
            case ANSWER, STARTED -> isAtBound() || !buffer.holds(length);
            case CONTROL -> isFullForControl() || !buffer.holds(length);
            case LAST -> !buffer.holds(length);
        };
    }

    private boolean isFullForCalls() {
        return waitingAnswers > 0 || isAtBound();
    }

    /** Updates are merged early: what waits behind much else is old when it comes out. */
    private boolean isFullForProgress() {
        return isFullForCalls() || queuedBytes() >= MAX_BYTES_BEFORE_PROGRESS;
    }

    /** Returns whether a message that is no frame yet is refused. What becomes a frame had its room before. */
    boolean isFullForMessages() {
        return isFullForCalls() || held >= maxHeld || queuedBytes() + heldBytes >= maxBytes;
    }

    boolean isAtBound() {
        return queuedBytes() >= maxBytes;
    }

    private long queuedBytes() {
        return buffer.queuedBytes() + aside.bytes();
    }

    /** Returns {@link TwinBuffer#endBytes}. */
    long endBytes() {
        return buffer.endBytes();
    }

    /** Returns {@link TwinBuffer#isGone}. */
    boolean isGone(long bytes) {
        return buffer.isGone(bytes);
    }

    /** Opening frames are control frames too. */
    boolean isFullForControl() {
        return (long) buffer.earlyBytes() + aside.controlBytes() + controlBytes + flushingControlBytes
                >= MAX_CONTROL_BYTES;
    }

    /** A frame was appended. */
    void appended(Source source, int length) {
        if (source == Source.CONTROL) {
            controlBytes += length;
        }
        changed();
    }

    /** What was appended is being written. */
    void swapped() {
        flushingControlBytes = controlBytes;
        controlBytes = 0;
    }

    /** What was being written is gone. */
    void flushed() {
        flushingControlBytes = 0;
        changed();
    }

    /** A message that is no frame yet takes room. */
    void hold(long bytes) {
        held++;
        heldBytes += bytes;
    }

    /** It has become a frame. */
    void letGo(long bytes) {
        held--;
        heldBytes -= bytes;
    }

    /** One more answer waits for room, or one less. */
    void answersWaiting(int more) {
        waitingAnswers += more;
        changed();
    }

    /** Looks again whether calls are refused. */
    void changed() {
        boolean now = isFullForCalls();
        if (now != full) {
            full = now;
        }
    }
}
