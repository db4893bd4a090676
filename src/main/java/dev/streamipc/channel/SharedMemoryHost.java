package dev.streamipc.channel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Shared memory and a socket that wait for one child: in a folder of their own that is open to nobody else, and gone as soon as
 * the child has joined. What a killed process left there is removed by the next one that makes such a folder.
 */
public final class SharedMemoryHost implements Closeable {

    /** Linux keeps what stands there in memory alone. */
    private static final Path IN_MEMORY = Path.of("/dev/shm");

    private final UnixListener listener;
    private final LateChannel channel;

    private SharedMemoryHost(UnixListener listener, SharedFile file) {
        this.listener = listener;
        this.channel = new LateChannel(listener, () -> accept(listener, file), file.ringBytes());
    }

    /**
     * Makes the memory, in {@code /dev/shm} where there is one with room, else in the folder for temporary files, where it
     * works as well, and the system writes it to disk at times.
     *
     * @param ringBytes how much each direction holds: a power of two from 4 KiB to 64 MiB
     * @return what waits for a child
     * @throws IOException if there is no place for it; the text says why
     * @throws UnsupportedOperationException where files have no POSIX permissions
     * @throws IllegalArgumentException if the size is no such number
     */
    public static SharedMemoryHost open(int ringBytes) throws IOException {
        SharedFile.requireRingBytes(ringBytes);
        Path usual = Path.of(System.getProperty("java.io.tmpdir"));
        return openIn(IN_MEMORY, usual, ringBytes);
    }

    static SharedMemoryHost openIn(Path first, Path second, int ringBytes) throws IOException {
        if (!Files.isDirectory(first)) {
            return openIn(second, ringBytes);
        }
        try {
            return openIn(first, ringBytes);
        } catch (IOException full) {
            try {
                return openIn(second, ringBytes);
            } catch (IOException neither) {
                neither.addSuppressed(full);
                throw neither;
            }
        }
    }

    private static SharedMemoryHost openIn(Path parent, int ringBytes) throws IOException {
        UnixListener listener = UnixListener.inPrivate(parent);
        try {
            Path file = SharedMemoryChannel.fileBeside(listener.path());
            return new SharedMemoryHost(listener, SharedFile.create(file, ringBytes));
        } catch (IOException | RuntimeException | Error failed) {
            listener.close();
            throw failed;
        }
    }

    /** Who connects has mapped the file before. */
    private static IpcChannel accept(UnixListener listener, SharedFile file) throws IOException {
        SocketChannel bytes = listener.acceptSocket();
        try {
            SharedMemoryChannel.Bells bells = new SharedMemoryChannel.Bells(bytes, listener.acceptSocket());
            return new SharedMemoryChannel(file, SharedMemoryChannel.Side.PARENT, bells);
        } catch (IOException | RuntimeException | Error failed) {
            bytes.close();
            throw failed;
        }
    }

    /**
     * Returns the channel to the child. Its first read waits for the child; the socket and the file are deleted then.
     *
     * @return always the same channel; closes this, too
     */
    public IpcChannel channel() {
        return channel;
    }

    /**
     * Returns who listens, and knows the token.
     *
     * @return closed by the channel
     */
    public UnixListener listener() {
        return listener;
    }

    /** There will be no child. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
