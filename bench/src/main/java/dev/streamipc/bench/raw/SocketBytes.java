package dev.streamipc.bench.raw;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Over a Unix socket, in slices of 256 KiB outside the heap. */
record SocketBytes(SocketChannel socket, ByteBuffer slice) implements RawBytes {

    private static final int SLICE_BYTES = 256 << 10;

    SocketBytes(SocketChannel socket) {
        this(socket, ByteBuffer.allocateDirect(SLICE_BYTES));
    }

    @Override
    public boolean take(long bytes) throws IOException {
        for (long left = bytes; left > 0; ) {
            int count = socket.read(slice.clear().limit((int) Math.min(left, slice.capacity())));
            if (count < 0) {
                return false;
            }
            left -= count;
        }
        return true;
    }

    @Override
    public void fill(byte[] all) throws IOException {
        for (int at = 0; at < all.length; ) {
            int count = socket.read(slice.clear().limit(Math.min(all.length - at, slice.capacity())));
            if (count < 0) {
                throw new EOFException();
            }
            slice.flip().get(all, at, count);
            at += count;
        }
    }

    @Override
    public void give(long bytes) throws IOException {
        for (long left = bytes; left > 0; ) {
            left -= socket.write(slice.clear().limit((int) Math.min(left, slice.capacity())));
        }
    }
}
