package dev.streamipc.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Cuts the file of its own shared memory short, says what becomes of reads and writes, and that it lives. */
final class CutShortMain {

    private static final int TRIES = 1_000;

    private CutShortMain() {}

    private interface Move {
        void run() throws IOException;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        SharedMemoryHost host = SharedMemoryHost.openIn(folder, folder, SharedFile.MIN_RING_BYTES);
        Path path = SharedMemoryChannel.fileBeside(host.listener().path());
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            SharedMemoryChannel child =
                    SharedMemoryChannel.connect(host.listener().path());
            child.write(ByteBuffer.allocate(1));
            host.channel().read(ByteBuffer.allocate(1));
            file.truncate(0);
            tell("read", () -> host.channel().read(ByteBuffer.allocate(1)));
            tell("write", () -> host.channel().write(ByteBuffer.allocate(1)));
            tell("look", () -> host.channel().availableBytes());
            tell("close", () -> host.channel().close());
        }
        tell("nothing", () -> {});
        System.out.println("alive");
    }

    private static void tell(String name, Move move) {
        for (int i = 0; i < TRIES; i++) {
            try {
                move.run();
            } catch (IOException | InternalError failed) {
                System.out.println(name + ": " + failed.getMessage());
                return;
            }
        }
    }
}
