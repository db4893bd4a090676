package dev.streamipc.faults;

import dev.streamipc.channel.IpcChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;

/**
 * A channel whose reads stop for good once the test says go: a side that lives and never reads again. However late its
 * thread is, it reads once more behind that word.
 */
final class DeafChannel implements IpcChannel {

    private final IpcChannel channel;
    private final Hook hook;
    private volatile boolean deaf;

    DeafChannel(IpcChannel channel, Hook hook) {
        this.channel = channel;
        this.hook = hook;
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        if (deaf) {
            hook.hold("deaf");
        }
        int bytes = channel.read(dst);
        deaf = Files.exists(hook.folder().resolve(Hook.GO));
        return bytes;
    }

    @Override
    public void write(ByteBuffer src) throws IOException {
        channel.write(src);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public int capacityBytes() {
        return channel.capacityBytes();
    }

    @Override
    public boolean mayCarryJunk() {
        return channel.mayCarryJunk();
    }
}
