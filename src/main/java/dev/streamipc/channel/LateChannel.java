package dev.streamipc.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The channel to the first process of this user that connects to a listener, which is closed then; over the connection
 * itself, or over what is agreed on by it.
 */
public final class LateChannel implements IpcChannel {

    private final UnixListener listener;
    private final Arrival arrival;
    private final int capacityBytes;
    private volatile @Nullable IpcChannel connected;
    private boolean closed; // guarded by this

    /**
     * Makes a channel that nobody has connected to yet.
     *
     * @param listener closed with this channel, if not before
     */
    public LateChannel(UnixListener listener) {
        this(listener, listener::accept, 0);
    }

    /**
     * Makes a channel that nobody has connected to yet, over something other than the connection.
     *
     * @param capacityBytes of the channel to come; 0 for a connection
     */
    LateChannel(UnixListener listener, Arrival arrival, int capacityBytes) {
        this.listener = listener;
        this.arrival = arrival;
        this.capacityBytes = capacityBytes;
    }

    /** Waits for somebody. */
    interface Arrival {
        IpcChannel await() throws IOException;
    }

    /** Waits for the connection first. */
    @Override
    public int read(ByteBuffer dst) throws IOException {
        if (connected == null) {
            accept();
        }
        return Objects.requireNonNull(connected).read(dst);
    }

    private void accept() throws IOException {
        IpcChannel first = arrival.await();
        boolean late;
        synchronized (this) {
            late = closed;
            connected = first;
        }
        try (listener) {
            if (late) {
                first.close();
                throw new IOException("channel is closed on this side");
            }
        }
    }

    /** Never waits for the connection: before it there is nobody to write to. */
    @Override
    public void write(ByteBuffer src) throws IOException {
        IpcChannel other = connected;
        if (other == null) {
            throw new IOException("nobody has connected yet");
        }
        other.write(src);
    }

    @Override
    public void close() throws IOException {
        IpcChannel other;
        synchronized (this) {
            closed = true;
            other = connected;
        }
        try (listener) {
            if (other != null) {
                other.close();
            }
        }
    }

    @Override
    public int capacityBytes() {
        return capacityBytes;
    }

    @Override
    public int availableBytes() throws IOException {
        IpcChannel other = connected;
        return other != null ? other.availableBytes() : isConnection() ? -1 : 0;
    }

    @Override
    public boolean parksVirtualThreads() {
        return isConnection();
    }

    private boolean isConnection() {
        return capacityBytes == 0;
    }
}
