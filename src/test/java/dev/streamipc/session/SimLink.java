package dev.streamipc.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.TreeMap;

/** One direction between two sides: a pipe that holds so many bytes, which arrive later, in pieces, perhaps damaged. */
final class SimLink {

    private final SimWorld world;
    private final SimSide from;
    private final SimSide to;
    private final int capacityBytes;
    private final long mostDelayNanos;
    private final ByteBuffer held;
    private final TreeMap<Long, Integer> flips = new TreeMap<>();
    private final TreeMap<Long, byte[]> junk = new TreeMap<>();
    private long cutAtBytes = Long.MAX_VALUE;
    private long writtenBytes;
    private long arrivedNanos;
    private int visibleBytes;
    private boolean writerGone;
    private boolean readerGone;
    private boolean heldOpen;
    private boolean hadJunk;
    private Runnable onRoom = () -> {};

    SimLink(SimWorld world, SimSide from, SimSide to, int capacityBytes) {
        this.world = world;
        this.from = from;
        this.to = to;
        this.capacityBytes = capacityBytes;
        this.mostDelayNanos = 1 + world.anyNanos(5_000_000);
        this.held = ByteBuffer.allocate(capacityBytes + 1_024).flip();
    }

    /** Flips bits of the byte at a place of the stream. */
    void flipAt(long bytes, int mask) {
        flips.put(bytes, mask);
    }

    /** Puts bytes of others into the stream. */
    void junkAt(long bytes, byte[] text) {
        junk.put(bytes, text);
    }

    /** Kills the writing side after so many bytes, to the byte. */
    void cutAt(long bytes) {
        cutAtBytes = bytes;
    }

    /** Somebody else has the writing end too: its end is not seen. */
    void holdOpen() {
        heldOpen = true;
    }

    /** Returns whether there is less room than our side can know of: bytes of others took it, or the writer is cut off. */
    boolean isTight() {
        return hadJunk || writtenBytes == cutAtBytes;
    }

    /** Is told once there is room again. */
    void onRoom(Runnable told) {
        onRoom = told;
    }

    /** Takes what there is room for, and returns how many bytes that is. */
    int offer(byte[] bytes, int offset, int length) throws IOException {
        if (readerGone || writerGone) {
            throw new IOException("broken pipe");
        }
        int room = Math.max(0, capacityBytes - held.remaining());
        int count = (int) Math.min(Math.min(room, length), cutAtBytes - writtenBytes);
        if (count > 1 && world.oneIn(4)) {
            count = world.between(1, count);
        }
        held.compact();
        int foreign = 0;
        if (isDue(flips, count) || isDue(junk, count)) {
            foreign = putDamaged(bytes, offset, count);
        } else {
            held.put(bytes, offset, count);
        }
        writtenBytes += count;
        held.flip();
        arrive(foreign + count);
        if (writtenBytes == cutAtBytes) {
            world.later(from, 0, "cut at " + cutAtBytes, from::die);
        }
        return count;
    }

    /** Returns whether something is to happen to one of the next bytes. */
    private boolean isDue(TreeMap<Long, ?> places, int count) {
        Long next = places.ceilingKey(writtenBytes);
        return next != null && next < writtenBytes + count;
    }

    /** Puts bytes with what befalls them; returns how many bytes of others came between. */
    private int putDamaged(byte[] bytes, int offset, int count) {
        int foreign = 0;
        for (int i = 0; i < count; i++) {
            Integer mask = flips.remove(writtenBytes + i);
            byte[] text = junk.remove(writtenBytes + i);
            if (text != null && held.remaining() > text.length + count) {
                held.put(text);
                hadJunk = true;
                foreign += text.length;
            }
            held.put((byte) (bytes[offset + i] ^ (mask == null ? 0 : mask)));
        }
        return foreign;
    }

    private void arrive(int count) {
        if (count > 0) {
            // in order, whatever the delay of each piece
            arrivedNanos = Math.max(arrivedNanos, world.nowNanos() + world.anyNanos(mostDelayNanos));
            world.later(null, arrivedNanos - world.nowNanos(), "arrive " + count, () -> {
                visibleBytes += count;
                to.readable();
            });
        }
    }

    boolean isReadable() {
        return visibleBytes > 0 || hasEnded();
    }

    private boolean hasEnded() {
        return writerGone && !heldOpen && held.remaining() == 0;
    }

    /** Like a channel's read; only when something is there. */
    int read(ByteBuffer room) throws IOException {
        if (readerGone) {
            throw new IOException("closed here");
        }
        if (visibleBytes == 0) {
            return -1;
        }
        int most = Math.min(room.remaining(), visibleBytes);
        int count = world.oneIn(3) ? world.between(1, most) : most;
        int limit = held.limit();
        room.put(held.limit(held.position() + count));
        held.limit(limit);
        visibleBytes -= count;
        world.later(from, world.anyNanos(50_000), "room", onRoom);
        return count;
    }

    /** The writing side is gone: what it wrote still arrives. */
    void writerGone() {
        writerGone = true;
        arrivedNanos = Math.max(arrivedNanos, world.nowNanos() + world.anyNanos(mostDelayNanos));
        world.later(null, arrivedNanos - world.nowNanos(), "end of stream", to::readable);
    }

    /** The reading side is gone: who writes finds the pipe broken. */
    void readerGone() {
        readerGone = true;
        world.later(from, world.anyNanos(50_000), "broken", onRoom);
    }
}
