package dev.streamipc.faults;

import dev.streamipc.channel.IpcChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;

/** A channel that, from some time on, now and then flips a bit of what is written. */
final class FlippingChannel implements IpcChannel {

    private static final int BYTES_PER_FLIP = 500;

    private final IpcChannel real;
    private final Random random;
    private volatile boolean flips;
    private volatile int count;

    FlippingChannel(IpcChannel real, long seed) {
        this.real = real;
        this.random = new Random(seed);
    }

    void flipFromNowOn() {
        flips = true;
    }

    int flips() {
        return count;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        return real.read(dst);
    }

    @Override
    public void write(ByteBuffer src) throws IOException {
        byte[] bytes = new byte[src.remaining()];
        src.get(bytes);
        for (int at = random.nextInt(BYTES_PER_FLIP); flips && at < bytes.length; ) {
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            count++;
            at += 1 + random.nextInt(2 * BYTES_PER_FLIP);
        }
        real.write(ByteBuffer.wrap(bytes));
    }

    @Override
    public void close() throws IOException {
        real.close();
    }

    @Override
    public int capacityBytes() {
        return real.capacityBytes();
    }

    @Override
    public boolean mayCarryJunk() {
        return true;
    }
}
