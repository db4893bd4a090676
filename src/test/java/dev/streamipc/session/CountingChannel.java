package dev.streamipc.session;

import dev.streamipc.channel.IpcChannel;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Takes all that is written and knows which thread wrote how much; has nothing to read. */
final class CountingChannel implements IpcChannel {

    private final Map<Thread, Integer> written = new ConcurrentHashMap<>();

    int bytesOf(Thread thread) {
        return written.getOrDefault(thread, 0);
    }

    @Override
    public int read(ByteBuffer dst) {
        return -1;
    }

    @Override
    public void write(ByteBuffer src) {
        written.merge(Thread.currentThread(), src.remaining(), Integer::sum);
        src.position(src.limit());
    }

    @Override
    public void close() {}

    @Override
    public int capacityBytes() {
        return WriterChoice.SURE_BYTES;
    }
}
