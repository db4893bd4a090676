package dev.streamipc.channel;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The reading side of a ring. For one thread at a time, but for {@link #leave}. Trusts no word that the other side sets. */
final class RingReader implements RingWait.Side {

    private final SharedWords words;
    private final RingPlace place;
    private final Bell room;
    private final RingWait bytes;
    private long position;
    private long lastWritten;

    RingReader(SharedWords words, RingPlace place, Bell.Pair bells, long spinNanos) {
        this.words = words;
        this.place = place;
        this.room = bells.room();
        this.bytes = new RingWait(words, bells.bytes(), this, spinNanos);
    }

    /** Returns how many bytes are there. */
    @Override
    public int look() throws IOException {
        long written = words.get(place.written());
        if (written - lastWritten < 0 || written - position > place.sizeBytes()) {
            throw Damage.of("written", written, lastWritten, position + place.sizeBytes());
        }
        lastWritten = written;
        return (int) (written - position);
    }

    /** Blocks until there are bytes, and moves those that fit; -1 if none will come. */
    int take(ByteBuffer dst) throws IOException {
        int ready = look();
        if (ready == 0) {
            ready = bytes.await();
        }
        return ready == 0 ? -1 : move(dst, Math.min(ready, dst.remaining()));
    }

    private int move(ByteBuffer dst, int count) {
        int start = dst.arrayOffset() + dst.position();
        int first = Math.min(count, place.straight(position));
        words.read(place.at(position), dst.array(), start, first);
        if (first < count) {
            words.read(place.at(position + first), dst.array(), start + first, count - first);
        }
        dst.position(dst.position() + count);
        position += count;
        words.set(place.read(), position);
        RingWait.wake(words, place.writerSleeps(), room);
        return count;
    }

    /** Says that nothing will be read any more. */
    void leave() {
        words.set(place.readerGone(), 1);
    }

    @Override
    public void repeat() {
        words.set(place.read(), position);
    }

    @Override
    public int sleeps() {
        return place.readerSleeps();
    }

    @Override
    public int gone() {
        return place.writerGone();
    }

    @Override
    public String toString() {
        return "RingReader[position=" + position + ", lastWritten=" + lastWritten + "]";
    }
}
