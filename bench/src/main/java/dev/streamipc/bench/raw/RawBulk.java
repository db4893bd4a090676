package dev.streamipc.bench.raw;

import dev.streamipc.bench.side.Attachments;
import dev.streamipc.bench.side.Timing;
import dev.streamipc.bench.side.Turns;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * 64 MiB through a pipe or a Unix socket without a library, in the slices that are best for it, into memory that is used again.
 */
public final class RawBulk {

    private RawBulk() {}

    /** Takes stdio or unix, and up, down, or fill: down into 64 MiB of memory in the place of one slice. */
    public static void main(String[] words) throws Exception {
        if (words[0].equals("unix")) {
            overSocket(words[1]);
        } else {
            Process child = Jvm.start(RawBulkChild.class, words[1]);
            measure(new PipeBytes(child.getInputStream(), child.getOutputStream(), PipeBytes.PARENT_BYTES), words[1]);
            child.destroy();
        }
    }

    private static void overSocket(String way) throws Exception {
        Path folder = Files.createTempDirectory("raw");
        Path path = folder.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            Process child = Jvm.start(RawBulkChild.class, way, path.toString());
            try (SocketChannel socket = server.accept()) {
                Files.delete(path);
                Files.delete(folder);
                measure(new SocketBytes(socket), way);
            }
            child.destroy();
        }
    }

    private static void measure(RawBytes bytes, String way) throws Exception {
        byte[] all = way.equals("fill") ? new byte[Attachments.BYTES] : new byte[0];
        Turns.answer(3, () -> new double[] {
            Timing.gigabytesPerSecond(Attachments.BYTES, () -> {
                once(bytes, way, all);
                return null;
            })
        });
    }

    private static void once(RawBytes bytes, String way, byte[] all) throws IOException {
        if (way.equals("up")) {
            bytes.give(Attachments.BYTES);
            bytes.take(1);
        } else {
            bytes.give(1);
            if (all.length > 0) {
                bytes.fill(all);
            } else {
                bytes.take(Attachments.BYTES);
            }
        }
    }
}
