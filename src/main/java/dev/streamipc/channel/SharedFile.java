package dev.streamipc.channel;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A file that two processes have mapped, with a ring each way. All words are of 8 bytes in the byte order of the machine.
 *
 * <pre>
 *     0 | magic     | "SIPCRING" as a word: 0x53495043_52494e47
 *     8 | version   | 1
 *    16 | ringBytes | size of each ring, a power of two
 *  1024 | words of the ring from parent to child
 *  2048 | words of the ring from child to parent
 *  4096 | bytes of the ring from parent to child
 *  4096 + ringBytes | bytes of the ring from child to parent
 * </pre>
 */
final class SharedFile implements SharedWords {

    static final int MIN_RING_BYTES = 4 * 1024;
    static final int MAX_RING_BYTES = 64 * 1024 * 1024;

    private static final long MAGIC = 0x53495043_52494e47L;
    private static final long VERSION = 1;
    private static final int VERSION_AT = 8;
    private static final int RING_BYTES_AT = 16;
    private static final int DOWN_AT = 1024;
    private static final int UP_AT = 2048;
    private static final int HEAD_BYTES = 4096;
    private static final int BLOCK_BYTES = 64 * 1024;
    private static final VarHandle WORDS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final MappedByteBuffer bytes;
    private final int ringBytes;

    private SharedFile(MappedByteBuffer bytes, int ringBytes) {
        this.bytes = bytes;
        this.ringBytes = ringBytes;
    }

    /** Makes the file and maps it. Its memory is taken now: a full system says so here, and kills nobody later. */
    static SharedFile create(Path path, int ringBytes) throws IOException {
        requireRingBytes(ringBytes);
        Set<StandardOpenOption> fresh =
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(path, fresh, OwnerOnly.file())) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(BLOCK_BYTES);
            for (long left = lengthBytes(ringBytes); left > 0; left -= zeros.position()) {
                zeros.position(0).limit((int) Math.min(left, BLOCK_BYTES));
                channel.write(zeros);
            }
            SharedFile file = new SharedFile(map(channel, ringBytes), ringBytes);
            file.set(RING_BYTES_AT, ringBytes);
            file.set(VERSION_AT, VERSION);
            file.set(0, MAGIC);
            return file;
        }
    }

    /** Maps a file that the other side has made. */
    static SharedFile open(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer head = ByteBuffer.allocate(RING_BYTES_AT + Long.BYTES).order(ByteOrder.nativeOrder());
            channel.read(head, 0);
            long size = head.getLong(RING_BYTES_AT);
            boolean known = head.getLong(0) == MAGIC && head.getLong(VERSION_AT) == VERSION;
            if (!known || !isRingBytes(size) || channel.size() != lengthBytes((int) size)) {
                throw new IOException("shared memory has another layout: path=" + path + ", version="
                        + head.getLong(VERSION_AT) + ", known=" + VERSION + ", ringBytes=" + size + ", lengthBytes="
                        + channel.size() + "; use the same release on both sides");
            }
            return new SharedFile(map(channel, (int) size), (int) size);
        }
    }

    private static long lengthBytes(int ringBytes) {
        return HEAD_BYTES + 2L * ringBytes;
    }

    private static MappedByteBuffer map(FileChannel channel, int ringBytes) throws IOException {
        MappedByteBuffer mapped = channel.map(MapMode.READ_WRITE, 0, lengthBytes(ringBytes));
        mapped.order(ByteOrder.nativeOrder());
        return mapped;
    }

    static void requireRingBytes(int ringBytes) {
        if (!isRingBytes(ringBytes)) {
            throw new IllegalArgumentException("ring size out of range: ringBytes=" + ringBytes + ", least="
                    + MIN_RING_BYTES + ", most=" + MAX_RING_BYTES + "; give a power of two");
        }
    }

    private static boolean isRingBytes(long ringBytes) {
        return ringBytes >= MIN_RING_BYTES && ringBytes <= MAX_RING_BYTES && Long.bitCount(ringBytes) == 1;
    }

    int ringBytes() {
        return ringBytes;
    }

    /** Returns the ring from parent to child. */
    RingPlace down() {
        return new RingPlace(DOWN_AT, HEAD_BYTES, ringBytes);
    }

    /** Returns the ring from child to parent. */
    RingPlace up() {
        return new RingPlace(UP_AT, HEAD_BYTES + ringBytes, ringBytes);
    }

    @Override
    public long get(int offset) {
        return (long) WORDS.getAcquire(bytes, offset);
    }

    @Override
    public void set(int offset, long value) {
        WORDS.setRelease(bytes, offset, value);
    }

    @Override
    public long swap(int offset, long value) {
        return (long) WORDS.getAndSet(bytes, offset, value);
    }

    @Override
    public void fence() {
        VarHandle.fullFence();
    }

    @Override
    public void read(int offset, byte[] dst, int start, int count) {
        bytes.get(offset, dst, start, count);
    }

    @Override
    public void write(int offset, byte[] src, int start, int count) {
        bytes.put(offset, src, start, count);
    }
}
