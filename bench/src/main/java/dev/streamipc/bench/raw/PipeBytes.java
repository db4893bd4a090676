package dev.streamipc.bench.raw;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Over pipes: the JDK takes memory for each read or write above 8 KiB, which costs more than the larger slice saves. */
record PipeBytes(InputStream in, OutputStream out, byte[] slice) implements RawBytes {

    static final int PARENT_BYTES = 8 << 10;
    static final int CHILD_BYTES = 64 << 10;

    PipeBytes(InputStream in, OutputStream out, int sliceBytes) {
        this(in, out, new byte[sliceBytes]);
    }

    @Override
    public boolean take(long bytes) throws IOException {
        for (long left = bytes; left > 0; ) {
            int count = in.read(slice, 0, (int) Math.min(left, slice.length));
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
            int count = in.read(all, at, Math.min(all.length - at, slice.length));
            if (count < 0) {
                throw new EOFException();
            }
            at += count;
        }
    }

    @Override
    public void give(long bytes) throws IOException {
        for (long left = bytes; left > 0; left -= slice.length) {
            out.write(slice, 0, (int) Math.min(left, slice.length));
        }
        out.flush();
    }
}
