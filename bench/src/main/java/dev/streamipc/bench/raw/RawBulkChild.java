package dev.streamipc.bench.raw;

import dev.streamipc.bench.side.Attachments;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;

/** The other end of {@link RawBulk}. */
final class RawBulkChild {

    private RawBulkChild() {}

    public static void main(String[] words) throws IOException {
        if (words.length < 2) {
            serve(
                    new PipeBytes(
                            new FileInputStream(FileDescriptor.in),
                            new FileOutputStream(FileDescriptor.out),
                            PipeBytes.CHILD_BYTES),
                    words[0]);
            return;
        }
        try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(words[1]))) {
            serve(new SocketBytes(socket), words[0]);
        }
    }

    private static void serve(RawBytes bytes, String way) throws IOException {
        boolean isUp = way.equals("up");
        while (bytes.take(isUp ? Attachments.BYTES : 1)) {
            bytes.give(isUp ? 1 : Attachments.BYTES);
        }
    }
}
