package dev.streamipc.channel;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The writing side of a ring. For one thread at a time, but for {@link #leave}. Trusts no word that the other side sets. */
final class RingWriter implements RingWait.Side {

    /** What is large is handed over in so many pieces of a ring, so that the other side takes one while the next is copied. */
    private static final int PIECES = 4;

    private final SharedWords words;
    private final RingPlace place;
    private final Bell bytes;
    private final RingWait room;
    private long position;
    private long lastRead;

    RingWriter(SharedWords words, RingPlace place, Bell.Pair bells, long spinNanos) {
        this.words = words;
        this.place = place;
        this.bytes = bells.bytes();
        this.room = new RingWait(words, bells.room(), this, spinNanos);
    }

    /** Returns how many bytes there is room for. */
    @Override
    public int look() throws IOException {
        long read = words.get(place.read());
        if (read - lastRead < 0 || position - read < 0) {
            throw Damage.of("read", read, lastRead, position);
        }
        lastRead = read;
        return knownRoom();
    }

    private int knownRoom() {
        return (int) (place.sizeBytes() - (position - lastRead));
    }

    /** Blocks until all is in the ring. */
    void put(ByteBuffer src) throws IOException {
        requireReader();
        while (src.hasRemaining()) {
            int free = knownRoom();
            if (free == 0 && look() == 0 && room.await() == 0) {
                throw otherSideClosed();
            }
            move(src, Math.min(src.remaining(), Math.min(knownRoom(), place.sizeBytes() / PIECES)));
        }
    }

    private void requireReader() throws IOException {
        if (room.isOver()) {
            throw otherSideClosed();
        }
    }

    private static IOException otherSideClosed() {
        return new IOException("channel is closed on the other side");
    }

    private void move(ByteBuffer src, int count) {
        int start = src.arrayOffset() + src.position();
        int first = Math.min(count, place.straight(position));
        words.write(place.at(position), src.array(), start, first);
        if (first < count) {
            words.write(place.at(position + first), src.array(), start + first, count - first);
        }
        src.position(src.position() + count);
        position += count;
        words.set(place.written(), position);
        RingWait.wake(words, place.readerSleeps(), bytes);
    }

    /** Says that nothing will be written any more. */
    void leave() {
        words.set(place.writerGone(), 1);
    }

    @Override
    public void repeat() {
        words.set(place.written(), position);
    }

    @Override
    public int sleeps() {
        return place.writerSleeps();
    }

    @Override
    public int gone() {
        return place.readerGone();
    }

    @Override
    public String toString() {
        return "RingWriter[position=" + position + ", lastRead=" + lastRead + "]";
    }
}
