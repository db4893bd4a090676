package dev.streamipc.faults;

import dev.streamipc.channel.IpcChannel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A channel whose other side has said everything already: reads give that, then the end; writes are kept. */
final class ScriptChannel implements IpcChannel {

    private final ByteBuffer script;
    private final boolean mayCarryJunk;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    ScriptChannel(boolean mayCarryJunk, byte[]... pieces) {
        this.mayCarryJunk = mayCarryJunk;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.writeBytes(piece);
        }
        this.script = ByteBuffer.wrap(all.toByteArray());
    }

    @Override
    public int read(ByteBuffer dst) {
        if (!script.hasRemaining()) {
            return -1;
        }
        int bytes = Math.min(dst.remaining(), script.remaining());
        dst.put(script.slice().limit(bytes));
        script.position(script.position() + bytes);
        return bytes;
    }

    @Override
    public synchronized void write(ByteBuffer src) {
        written.write(src.array(), src.arrayOffset() + src.position(), src.remaining());
        src.position(src.limit());
    }

    synchronized byte[] written() {
        return written.toByteArray();
    }

    @Override
    public void close() {}

    @Override
    public int capacityBytes() {
        return 1 << 20;
    }

    @Override
    public boolean mayCarryJunk() {
        return mayCarryJunk;
    }
}
