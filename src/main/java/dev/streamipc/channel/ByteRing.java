package dev.streamipc.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A bounded buffer of bytes with one reading and one writing end, each of which closes for itself. */
final class ByteRing {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final byte[] bytes; // guarded by lock
    private int head; // guarded by lock; index of the oldest byte
    private int count; // guarded by lock
    private boolean writerClosed; // guarded by lock
    private boolean readerClosed; // guarded by lock

    ByteRing(int capacityBytes) {
        bytes = new byte[capacityBytes];
    }

    int capacityBytes() {
        return bytes.length;
    }

    /** Blocks until a byte is there; -1 once the writer has closed and all is taken. */
    int take(ByteBuffer dst) throws IOException {
        lock.lock();
        try {
            while (count == 0 && !writerClosed && !readerClosed) {
                changed.awaitUninterruptibly();
            }
            requireOpen(readerClosed, "this side");
            return count == 0 ? -1 : moveTo(dst);
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many bytes can be taken without waiting. */
    int availableBytes() throws IOException {
        lock.lock();
        try {
            requireOpen(readerClosed, "this side");
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Blocks until all is in the buffer. */
    void put(ByteBuffer src) throws IOException {
        lock.lock();
        try {
            requireWritable();
            while (src.hasRemaining()) {
                awaitRoom();
                requireWritable();
                moveFrom(src);
            }
        } finally {
            lock.unlock();
        }
    }

    void closeWriter() {
        lock.lock();
        try {
            writerClosed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void closeReader() {
        lock.lock();
        try {
            readerClosed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom() {
        while (count == bytes.length && !writerClosed && !readerClosed) {
            changed.awaitUninterruptibly();
        }
    }

    /** Moves what fits, in at most two pieces: up to the end of the array, then from its start. */
    private int moveTo(ByteBuffer dst) {
        int total = Math.min(count, dst.remaining());
        int first = Math.min(total, bytes.length - head);
        dst.put(bytes, head, first).put(bytes, 0, total - first);
        head = wrapped(total);
        count -= total;
        changed.signalAll();
        return total;
    }

    private void moveFrom(ByteBuffer src) {
        int total = Math.min(bytes.length - count, src.remaining());
        int tail = wrapped(count);
        int first = Math.min(total, bytes.length - tail);
        src.get(bytes, tail, first).get(bytes, 0, total - first);
        count += total;
        changed.signalAll();
    }

    private int wrapped(int distance) {
        return (int) (((long) head + distance) % bytes.length);
    }

    private void requireWritable() throws IOException {
        requireOpen(writerClosed, "this side");
        requireOpen(readerClosed, "the other side");
    }

    private static void requireOpen(boolean closed, String side) throws IOException {
        if (closed) {
            throw new IOException("channel is closed on " + side);
        }
    }
}
