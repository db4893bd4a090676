package dev.streamipc.channel;

import java.io.ByteArrayInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A channel over a pair of plain streams: any two, a child process's stdin and stdout, or this process's own.
 *
 * <p>A read that is blocked on a pipe outlasts {@link #close()} until the other side writes or goes away. A write that
 * is blocked on a child's full stdin can't be interrupted, and a close from another thread then waits with it: end the
 * child first.
 */
public final class StreamChannel implements IpcChannel {

    /**
     * The bytes of one system call on a child's pipes. Exactly the size of the JDK's own buffers: a slice of this size
     * goes past them, and past the allocation that the JDK makes for anything larger.
     */
    private static final int PIPE_SLICE_BYTES = 8 * 1024;

    private static final int PLAIN_SLICE_BYTES = 64 * 1024;

    /** PIPE_BUF of Linux. A pipe of 64 KiB may hold as little as half of that, and after pressure one page. */
    private static final int PIPE_CAPACITY_BYTES = 4 * 1024;

    private final InputStream in;
    private final OutputStream out;
    private final UsualRead usual = new UsualRead(System::nanoTime);
    private final int sliceBytes;
    private final int capacityBytes;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Set by the writing thread, read by the closing one. */
    private volatile boolean writeFailed;

    /** What the last look saw, until it is read. Of the thread that reads. */
    private int seenBytes;

    private StreamChannel(InputStream in, OutputStream out, int sliceBytes, int capacityBytes) {
        this.in = Objects.requireNonNull(in, "in");
        this.out = Objects.requireNonNull(out, "out");
        this.sliceBytes = sliceBytes;
        this.capacityBytes = capacityBytes;
    }

    /**
     * Returns a channel over any two streams, which it owns from now on. Its capacity is unknown.
     *
     * @param in where the other side's bytes come from
     * @param out where ours go; flushed after each write
     * @return a new channel
     */
    public static IpcChannel of(InputStream in, OutputStream out) {
        return new StreamChannel(in, out, PLAIN_SLICE_BYTES, 0);
    }

    /**
     * Returns a channel over a child's stdout and stdin, which it owns from now on; the process itself stays the
     * caller's. Both streams must be pipes, which is what {@link ProcessBuilder} makes unless told otherwise, and
     * nobody else may have read from or written to them.
     *
     * @param process the child
     * @return a new channel
     */
    public static IpcChannel ofProcess(Process process) {
        return new StreamChannel(
                process.getInputStream(), process.getOutputStream(), PIPE_SLICE_BYTES, PIPE_CAPACITY_BYTES);
    }

    /**
     * Returns a channel over this process's own stdin and stdout, as a child uses it towards its parent. It takes the
     * file descriptors, not {@link System#in} and {@link System#out}: whoever else prints to stdout from now on writes
     * junk between our bytes. Its close leaves both descriptors open on the null device.
     *
     * @return a new channel
     */
    public static IpcChannel ofStdio() {
        return ofStdio(new byte[0]);
    }

    /**
     * Returns a channel like {@link #ofStdio()}, where somebody has read the first bytes of stdin already.
     *
     * @param read those bytes, perhaps none; they are read again, first
     * @return a new channel
     */
    public static IpcChannel ofStdio(byte[] read) {
        // streams, not file channels: those close for good when a thread is interrupted while it writes
        InputStream stdin = new FileInputStream(FileDescriptor.in);
        return new StreamChannel(
                read.length == 0 ? stdin : new SequenceInputStream(new ByteArrayInputStream(read), stdin),
                new FileOutputStream(FileDescriptor.out),
                PLAIN_SLICE_BYTES,
                PIPE_CAPACITY_BYTES);
    }

    @Override
    public int read(ByteBuffer dst) throws IOException {
        requireOpen();
        int count = in.read(dst.array(), dst.arrayOffset() + dst.position(), wantedBytes(dst.remaining()));
        if (count > 0) {
            usual.came(count);
            dst.position(dst.position() + count);
            return count;
        }
        return count == 0 ? readOne(dst) : endOfStream();
    }

    /** A buffered stream that gives all it was asked for does not ask the system again whether there is more. */
    private int wantedBytes(int roomBytes) {
        int mostBytes = Math.min(roomBytes, sliceBytes);
        int knownBytes = seenBytes;
        seenBytes = 0;
        if (knownBytes > 0) {
            return Math.min(mostBytes, knownBytes);
        }
        return sliceBytes == PIPE_SLICE_BYTES ? usual.bytes(mostBytes) : mostBytes;
    }

    @Override
    public void write(ByteBuffer src) throws IOException {
        requireOpen();
        try {
            while (src.hasRemaining()) {
                int count = Math.min(src.remaining(), sliceBytes);
                out.write(src.array(), src.arrayOffset() + src.position(), count);
                src.position(src.position() + count);
            }
            out.flush();
        } catch (IOException e) {
            writeFailed = true;
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try (out;
                in) {
            // in goes first: a child that is blocked on writing to us then fails, which may free a write of ours
        } catch (IOException e) {
            // after a failed write this is the same news again: the unsent bytes can't be flushed
            if (!writeFailed) {
                throw e;
            }
        }
    }

    /** Not of any two streams: many say 0 whatever there is. Those of a process and of stdin ask the operating system. */
    @Override
    public int availableBytes() throws IOException {
        requireOpen();
        if (capacityBytes == 0) {
            return -1;
        }
        seenBytes = in.available();
        return seenBytes;
    }

    @Override
    public int capacityBytes() {
        return capacityBytes;
    }

    @Override
    public boolean mayCarryJunk() {
        return true;
    }

    /** A stream that answers 0 where it should block still has to block for a single byte: so no loop spins. */
    private int readOne(ByteBuffer dst) throws IOException {
        int value = in.read();
        if (value < 0) {
            return endOfStream();
        }
        dst.put((byte) value);
        return 1;
    }

    private int endOfStream() throws IOException {
        requireOpen();
        return -1;
    }

    private void requireOpen() throws IOException {
        if (closed.get()) {
            throw new IOException("channel is closed on this side");
        }
    }
}
