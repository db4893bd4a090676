package dev.streamipc.channel;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Connects to Unix domain sockets, and knows what a path may be. */
public final class UnixSockets {

    /** What {@code sun_path} holds beside its NUL: 108 bytes on Linux, 104 elsewhere. */
    static final int MAX_PATH_BYTES = (System.getProperty("os.name", "").equals("Linux") ? 108 : 104) - 1;

    /** Four slices. A system that grants less gives what it has. */
    private static final int SEND_BUFFER_BYTES = 1024 * 1024;

    private UnixSockets() {}

    /**
     * Connects to the socket of a listener. Blocks only while its queue of those who wait is full.
     *
     * @param path of the socket
     * @return the channel: no junk, and its reads may block a virtual thread
     * @throws IOException if the path is too long, or nobody listens there; the text says which and what to do
     */
    public static IpcChannel connect(Path path) throws IOException {
        return channel(open(path));
    }

    /** The kernel's usual buffer is less than one slice: each would put its writer to sleep and wake it again. */
    static IpcChannel channel(SocketChannel socket) throws IOException {
        try {
            socket.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES);
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
        return NioChannel.of(socket, socket);
    }

    static SocketChannel open(Path path) throws IOException {
        requireShort(path);
        SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            socket.connect(UnixDomainSocketAddress.of(path));
            return socket;
        } catch (IOException failed) {
            socket.close();
            String state = Files.exists(path) ? "nobody listens" : "no such file";
            throw new IOException(
                    "no connection: path=" + path + ", state=" + state + ", cause=" + failed.getMessage()
                            + "; start the listener first",
                    failed);
        }
    }

    static void requireShort(Path path) throws IOException {
        int lengthBytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (lengthBytes > MAX_PATH_BYTES) {
            throw new IOException("socket path too long: lengthBytes=" + lengthBytes + ", maxBytes=" + MAX_PATH_BYTES
                    + ", path=" + path + "; choose a shorter one, or a relative one from a nearer directory");
        }
    }
}
