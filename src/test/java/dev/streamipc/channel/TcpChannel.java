package dev.streamipc.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;

/**
 * An example of a channel that a user brings: TCP over a plain socket. What a channel has to promise stands in {@link
 * IpcChannel}; {@code TcpChannelTest} holds this one to it.
 *
 * <p>Whoever reaches the port gets a session. So listen on the loopback address, and where other users share the
 * machine, or beyond it, know the other side before the session is made: TLS, or a secret that is checked first.
 */
public final class TcpChannel implements IpcChannel {

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private TcpChannel(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /**
     * Returns a channel over a connected socket, which it owns from now on.
     *
     * @throws IOException if the socket is closed
     */
    public static TcpChannel over(Socket socket) throws IOException {
        // each write is a whole batch of frames: waiting for more would cost a round trip up to 40 ms
        socket.setTcpNoDelay(true);
        return new TcpChannel(socket);
    }

    /** The socket's stream does what is asked for: blocks for a byte, takes what is there, says -1 at the end. */
    @Override
    public int read(ByteBuffer dst) throws IOException {
        int count = in.read(dst.array(), dst.arrayOffset() + dst.position(), dst.remaining());
        if (count > 0) {
            dst.position(dst.position() + count);
        }
        return count;
    }

    /** The socket's stream has no buffer of its own that would have to be flushed. */
    @Override
    public void write(ByteBuffer src) throws IOException {
        out.write(src.array(), src.arrayOffset() + src.position(), src.remaining());
        src.position(src.limit());
    }

    /** Wakes both directions, which then fail. */
    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Ends this side's direction alone; the session needs no such thing, other programs do it. */
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** From Java 21 on a socket's read parks the virtual thread that waits in it. */
    @Override
    public boolean parksVirtualThreads() {
        return true;
    }

    // capacityBytes stays 0: what a connection takes depends on the system's settings and on the other end's window
    // mayCarryJunk stays false: nobody else writes to the socket
}
