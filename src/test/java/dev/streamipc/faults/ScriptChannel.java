package dev.streamipc.faults;

import dev.streamipc.channel.IpcChannel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A channel whose other side has said everything already: reads give that, then the end as soon as enough was written,
 * or ten seconds later. Keeps what was written.
 */
final class ScriptChannel implements IpcChannel {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final ByteBuffer script;
    private final Predicate<byte[]> enough;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private byte[] lastWords = {};
    private boolean closed;

    ScriptChannel(Predicate<byte[]> enough, byte[]... pieces) {
        this.enough = enough;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.writeBytes(piece);
        }
        this.script = ByteBuffer.wrap(all.toByteArray());
    }

    @Override
    public int read(ByteBuffer dst) {
        if (!script.hasRemaining()) {
            awaitEnough();
            byte[] words = lastWords;
            lastWords = new byte[0];
            dst.put(words);
            return words.length > 0 ? words.length : -1;
        }
        int bytes = Math.min(dst.remaining(), script.remaining());
        dst.put(script.slice().limit(bytes));
        script.position(script.position() + bytes);
        return bytes;
    }

    /** Says this, in one read, before the end. */
    void lastWords(byte[] words) {
        lastWords = words;
    }

    private synchronized void awaitEnough() {
        long startNanos = System.nanoTime();
        long leftNanos = PATIENCE_NANOS;
        while (!closed && leftNanos > 0 && !enough.test(written())) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            leftNanos = PATIENCE_NANOS - (System.nanoTime() - startNanos);
        }
    }

    @Override
    public synchronized void write(ByteBuffer src) {
        written.write(src.array(), src.arrayOffset() + src.position(), src.remaining());
        src.position(src.limit());
        notifyAll();
    }

    synchronized byte[] written() {
        return written.toByteArray();
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    @Override
    public int capacityBytes() {
        return 1 << 20;
    }

    @Override
    public boolean mayCarryJunk() {
        return true;
    }
}
