package dev.streamipc.faults;

import dev.streamipc.channel.IpcChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;

/** A channel whose reads stop for good once the test says go: a side that lives and never reads again. */
record DeafChannel(IpcChannel channel, Hook hook) implements IpcChannel {

    @Override
    public int read(ByteBuffer dst) throws IOException {
        if (Files.exists(hook.folder().resolve(Hook.GO))) {
            hook.hold("deaf");
        }
        return channel.read(dst);
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
