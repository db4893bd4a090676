package dev.streamipc.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A bell over a connection: a byte is a ring, the end of the stream the end of the other side. Non-blocking throughout: a ring
 * that finds the connection full is left out, as there are others, and an interrupt closes nothing.
 */
final class SocketBell implements Bell {

    /** Nobody relies on it; where something has overwritten the words of sleep, it gets things going again. */
    private static final long LOOK_MS = 2_000;

    private static final int HEARD_BYTES = 64;

    private final SocketChannel socket;
    private final ByteBuffer heard = ByteBuffer.allocateDirect(HEARD_BYTES);
    private volatile boolean over;
    private volatile boolean closed;
    private @Nullable Selector selector; // guarded by this

    SocketBell(SocketChannel socket) throws IOException {
        this.socket = socket;
        socket.configureBlocking(false);
    }

    @Override
    public void ring() {
        try {
            socket.write(ByteBuffer.allocate(1));
        } catch (IOException gone) {
            over = true;
        }
    }

    @Override
    public boolean await() throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            int ready = selector().select(key -> {}, LOOK_MS);
            interrupted |= Thread.interrupted();
            requireOpen();
            if (ready > 0) {
                forget();
            }
            return ready > 0;
        } catch (ClosedSelectorException closedHere) {
            throw new IOException("channel is closed on this side", closedHere);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** One that never sleeps needs none. */
    private synchronized Selector selector() throws IOException {
        requireOpen();
        if (selector == null) {
            selector = Selector.open();
            socket.register(selector, SelectionKey.OP_READ);
        }
        return selector;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("channel is closed on this side");
        }
    }

    @Override
    public void forget() {
        try {
            int count = HEARD_BYTES;
            while (count == HEARD_BYTES) {
                count = socket.read(heard.clear());
            }
            over |= count < 0;
        } catch (IOException gone) {
            over = true;
        }
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void close() throws IOException {
        Selector waiting;
        synchronized (this) {
            closed = true;
            waiting = selector;
        }
        try (socket) {
            if (waiting != null) {
                waiting.close();
            }
        }
    }
}
