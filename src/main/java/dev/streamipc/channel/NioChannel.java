package dev.streamipc.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A channel over a pair of blocking NIO channels: sockets, Unix domain sockets, {@link java.nio.channels.Pipe}.
 *
 * <p>A close wakes a read or write that is blocked on a socket or a {@code Pipe}. As NIO has it, so does an interrupt
 * of the thread that is blocked there, and the channel is closed by that; a session writes to it from a thread of its own.
 */
public final class NioChannel implements IpcChannel {

    /** The most that one call takes: the JDK keeps a native buffer of that size for each thread. */
    private static final int SLICE_BYTES = 256 * 1024;

    private final ReadableByteChannel in;
    private final WritableByteChannel out;
    private final AtomicBoolean closed = new AtomicBoolean();

    private NioChannel(ReadableByteChannel in, WritableByteChannel out) {
        this.in = in;
        this.out = out;
    }

    /**
     * Returns a channel over two NIO channels, which it owns from now on. Its capacity is unknown, and it carries no
     * junk.
     *
     * @param in where the other side's bytes come from
     * @param out where ours go; may be the same object as {@code in}
     * @return a new channel
     * @throws IllegalArgumentException if one of them is in non-blocking mode
     */
    public static IpcChannel of(ReadableByteChannel in, WritableByteChannel out) {
        requireBlocking(Objects.requireNonNull(in, "in"), "in");
        requireBlocking(Objects.requireNonNull(out, "out"), "out");
        return new NioChannel(in, out);
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        int limit = dst.limit();
        dst.limit(sliceEnd(dst));
        try {
            return requireProgress(in.read(dst), "read");
        } finally {
            dst.limit(limit);
        }
    }

    @Override
    public void write(ByteBuffer src) throws IOException {
        int limit = src.limit();
        try {
            while (src.position() < limit) {
                src.limit(limit);
                src.limit(sliceEnd(src));
                requireProgress(out.write(src), "write");
            }
        } finally {
            src.limit(limit);
        }
    }

    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            try (out;
                    in) {
                // both are to be closed even if the first one fails
            }
        }
    }

    @Override
    public boolean parksVirtualThreads() {
        return in instanceof SelectableChannel;
    }

    private static int sliceEnd(ByteBuffer buffer) {
        return buffer.position() + Math.min(buffer.remaining(), SLICE_BYTES);
    }

    private static void requireBlocking(Object end, String name) {
        if (end instanceof SelectableChannel selectable && !selectable.isBlocking()) {
            throw new IllegalArgumentException(
                    "channel is in non-blocking mode: end=" + name + ", call configureBlocking(true) first");
        }
    }

    /** An end that was switched to non-blocking later would make every caller spin. */
    private static int requireProgress(int count, String operation) throws IOException {
        if (count == 0) {
            throw new IOException("channel moved no bytes where it had to block: operation=" + operation);
        }
        return count;
    }
}
