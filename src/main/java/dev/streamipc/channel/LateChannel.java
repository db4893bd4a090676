package dev.streamipc.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The channel to the first process of this user that connects to a listener; the listener is closed then. */
public final class LateChannel implements IpcChannel {

    private final UnixListener listener;
    private volatile @Nullable IpcChannel connected;
    private boolean closed; // guarded by this

    /**
     * Makes a channel that nobody has connected to yet.
     *
     * @param listener closed with this channel, if not before
     */
    public LateChannel(UnixListener listener) {
        this.listener = listener;
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
        IpcChannel first = listener.accept();
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
    public boolean parksVirtualThreads() {
        return true;
    }
}
