package dev.streamipc.channel;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One end of a connection inside this process: two bounded buffers, one each way. For tests, and for a worker that
 * lives in a thread.
 *
 * <p>A close wakes the reads and writes that are blocked on either end. An interrupt wakes nobody, as on a pipe.
 */
public final class MemoryChannel implements IpcChannel {

    private final ByteRing incoming;
    private final ByteRing outgoing;
    private final boolean mayCarryJunk;

    private MemoryChannel(ByteRing incoming, ByteRing outgoing, boolean mayCarryJunk) {
        this.incoming = incoming;
        this.outgoing = outgoing;
        this.mayCarryJunk = mayCarryJunk;
    }

    /**
     * The two ends of one connection.
     *
     * @param left one end
     * @param right the other end: reads what {@code left} writes, and the reverse
     */
    public record Pair(MemoryChannel left, MemoryChannel right) {}

    /**
     * Returns two connected ends that carry no junk.
     *
     * @param capacityBytes how much each direction holds unread, at least 1; taken from the heap at once, twice
     * @return the two ends
     * @throws IllegalArgumentException if {@code capacityBytes} is less than 1
     */
    public static Pair pair(int capacityBytes) {
        return pair(capacityBytes, false);
    }

    /**
     * Returns two connected ends.
     *
     * @param capacityBytes how much each direction holds unread, at least 1; taken from the heap at once, twice
     * @param mayCarryJunk what both ends say of themselves; nothing is ever added to the bytes
     * @return the two ends
     * @throws IllegalArgumentException if {@code capacityBytes} is less than 1
     */
    public static Pair pair(int capacityBytes, boolean mayCarryJunk) {
        if (capacityBytes < 1) {
            throw new IllegalArgumentException("capacity is too small: capacityBytes=" + capacityBytes + ", minimum=1");
        }
        ByteRing toRight = new ByteRing(capacityBytes);
        ByteRing toLeft = new ByteRing(capacityBytes);
        return new Pair(
                new MemoryChannel(toLeft, toRight, mayCarryJunk), new MemoryChannel(toRight, toLeft, mayCarryJunk));
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        return incoming.take(dst);
    }

    @Override
    public void write(ByteBuffer src) throws IOException {
        outgoing.put(src);
    }

    @Override
    public void close() {
        incoming.closeReader();
        outgoing.closeWriter();
    }

    @Override
    public int availableBytes() throws IOException {
        return incoming.availableBytes();
    }

    @Override
    public int capacityBytes() {
        return outgoing.capacityBytes();
    }

    @Override
    public boolean mayCarryJunk() {
        return mayCarryJunk;
    }
}
