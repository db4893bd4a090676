package dev.streamipc.bench.raw;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The other end: reads so many bytes and writes them back, on one thread. */
final class RawPong {

    private RawPong() {}

    public static void main(String[] words) throws IOException {
        ByteBuffer frame = ByteBuffer.allocateDirect(Integer.parseInt(words[0]));
        try (FileChannel in = new FileInputStream(FileDescriptor.in).getChannel();
                FileChannel out = new FileOutputStream(FileDescriptor.out).getChannel()) {
            while (in.read(frame) >= 0) {
                if (!frame.hasRemaining()) {
                    out.write(frame.flip());
                    frame.clear();
                }
            }
        }
    }
}
