package dev.streamipc.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A channel over memory that two processes of one host share: a ring of bytes each way, which needs no system call while
 * both are busy. Who waits looks again for 50 us, giving way to others, then sleeps in the operating system until the
 * other side rings over a Unix domain socket; an idle session costs no time of a processor. The end of that socket's
 * stream tells of the other side's death.
 *
 * <p>A close wakes the reads and writes that are blocked on either end; an interrupt wakes nobody. Nothing that the other side writes, or
 * somebody else into the memory, does more than end the session. The memory of a closed channel comes back with a garbage collection.
 */
public final class SharedMemoryChannel implements IpcChannel {

    /** How much each direction holds unless told otherwise: 128 KiB. */
    public static final int DEFAULT_RING_BYTES = 128 * 1024;

    /** The file with the rings stands beside the socket. */
    static final String FILE_SUFFIX = ".ring";

    private static final long SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final int ringBytes;
    private final RingReader in;
    private final RingWriter out;
    private final SocketBell bytes;
    private final SocketBell room;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Which side this is. */
    enum Side {
        PARENT,
        CHILD
    }

    /** The two connections. Each rings both ways: for bytes that were written, for room that was made. */
    record Bells(SocketChannel bytes, SocketChannel room) {}

    SharedMemoryChannel(SharedFile file, Side side, Bells bells) throws IOException {
        this.ringBytes = file.ringBytes();
        this.bytes = new SocketBell(bells.bytes());
        this.room = new SocketBell(bells.room());
        Bell.Pair both = new Bell.Pair(bytes, room);
        RingPlace incoming = side == Side.PARENT ? file.up() : file.down();
        RingPlace outgoing = side == Side.PARENT ? file.down() : file.up();
        this.in = new RingReader(file, incoming, both, SPIN_NANOS);
        this.out = new RingWriter(file, outgoing, both, SPIN_NANOS);
    }

    /**
     * Joins the process that waits at a socket, as a child does that was invited. Blocks only while that has too many to let in.
     *
     * @param socket of a {@link SharedMemoryHost}; the file with the rings stands beside it
     * @return the channel, from the child's side
     * @throws IOException if nobody waits there, or the memory can't be had; the text says why
     */
    public static SharedMemoryChannel connect(Path socket) throws IOException {
        SharedFile file = SharedFile.open(fileBeside(socket));
        // behind the mapping: the host deletes the file as soon as both connections are there
        SocketChannel bytes = UnixSockets.open(socket);
        try {
            return new SharedMemoryChannel(file, Side.CHILD, new Bells(bytes, UnixSockets.open(socket)));
        } catch (IOException | RuntimeException | Error failed) {
            bytes.close();
            throw failed;
        }
    }

    /**
     * Says whether rings may have a size.
     *
     * @param ringBytes how much each direction would hold
     * @throws IllegalArgumentException if it is no power of two from 4 KiB to 64 MiB
     */
    public static void requireRingBytes(int ringBytes) {
        SharedFile.requireRingBytes(ringBytes);
    }

    static Path fileBeside(Path socket) {
        return socket.resolveSibling(socket.getFileName() + FILE_SUFFIX);
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        requireOpen();
        try {
            int count = in.take(dst);
            if (count < 0) {
                requireOpen();
            }
            return count;
        } catch (InternalError fault) {
            throw Damage.gone(fault);
        }
    }

    @Override
    public void write(ByteBuffer src) throws IOException {
        requireOpen();
        try {
            out.put(src);
        } catch (InternalError fault) {
            throw Damage.gone(fault);
        }
    }

    /** Never waits: what this side wrote stays to be read, and the other side is woken. */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try (room;
                bytes) {
            out.leave();
            in.leave();
        } catch (InternalError fault) {
            throw Damage.gone(fault);
        }
    }

    @Override
    public int capacityBytes() {
        return ringBytes;
    }

    @Override
    public int availableBytes() throws IOException {
        requireOpen();
        try {
            return in.look();
        } catch (InternalError fault) {
            throw Damage.gone(fault);
        }
    }

    private void requireOpen() throws IOException {
        if (closed.get()) {
            throw new IOException("channel is closed on this side");
        }
    }
}
