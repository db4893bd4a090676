package dev.streamipc.session;

import dev.streamipc.channel.IpcChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A channel whose reading a test holds up: a side that is stopped, or that reads so many bytes a second. */
final class Valve implements IpcChannel {

    private static final int OPEN = Integer.MAX_VALUE;
    private static final int PARTS_OF_A_SECOND = 64;

    private final IpcChannel inner;
    private int bytesPerSecond = OPEN; // guarded by this
    private boolean closed; // guarded by this

    Valve(IpcChannel inner) {
        this.inner = inner;
    }

    /** From the next read on nothing is read. */
    void shut() {
        slow(0);
    }

    void open() {
        slow(OPEN);
    }

    synchronized void slow(int rate) {
        bytesPerSecond = rate;
        notifyAll();
    }

    private synchronized int rate() throws IOException {
        try {
            while (bytesPerSecond == 0 && !closed) {
                wait();
            }
        } catch (InterruptedException interrupted) {
            throw new IOException("interrupted", interrupted);
        }
        return bytesPerSecond;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        int rate = rate();
        int before = dst.limit();
        if (rate < OPEN) {
            dst.limit(Math.min(before, dst.position() + Math.max(1, rate / PARTS_OF_A_SECOND)));
        }
        int count = inner.read(dst);
        dst.limit(before);
        if (rate < OPEN && count > 0) {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(count) / rate);
        }
        return count;
    }

    @Override
    public void write(ByteBuffer src) throws IOException {
        inner.write(src);
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        inner.close();
    }

    @Override
    public int capacityBytes() {
        return inner.capacityBytes();
    }

    @Override
    public boolean mayCarryJunk() {
        return inner.mayCarryJunk();
    }
}
