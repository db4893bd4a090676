package dev.streamipc.session;

import dev.streamipc.frame.Landing;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The caller's memory for the attachments of an answer: once the call has ended, nothing is written there any more. */
final class LandingPlace implements Landing {

    private final ByteBuffer memory;
    private boolean taken; // guarded by this
    private boolean over; // guarded by this

    /** Makes a place of the bytes between a buffer's position and its limit. */
    LandingPlace(ByteBuffer memory) {
        this.memory = memory.slice();
    }

    /** Gives the place to the first answer that fits; null if it is given, or does not fit. */
    synchronized @Nullable Landing take(int bytes) {
        if (taken || over || bytes > memory.capacity()) {
            return null;
        }
        taken = true;
        return this;
    }

    /** One chunk at most, so that an end that waits for this lock does not wait for long. */
    @Override
    public synchronized void put(int at, ByteBuffer bytes) {
        if (!over && bytes.remaining() <= memory.capacity() - at) {
            memory.put(at, bytes, bytes.position(), bytes.remaining());
        }
    }

    @Override
    public ByteBuffer view(int at, int length) {
        return memory.slice(at, length);
    }

    /** The call has ended: the memory is its caller's again. */
    synchronized void end() {
        over = true;
    }
}
