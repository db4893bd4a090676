package dev.streamipc.session;

import dev.streamipc.channel.IpcChannel;
import java.nio.ByteBuffer;

/** A channel with a defect: its read throws what a read must not throw. */
final class ThrowingChannel implements IpcChannel {

    @Override
    public int read(ByteBuffer dst) {
        throw new IllegalStateException("a defect of the channel");
    }

    @Override
    public void write(ByteBuffer src) {
        src.position(src.limit());
    }

    @Override
    public void close() {}
}
