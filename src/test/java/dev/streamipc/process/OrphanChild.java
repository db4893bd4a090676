package dev.streamipc.process;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.streamipc.channel.IpcChannel;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/**
 * A child under the watch: {@code idle} reads its input, {@code spin} never does, {@code parted} has said goodbye and
 * reads, {@code blind} has used up its file descriptors, {@code hooks} is on its way out and its hooks never end. Its {@code main} thread would stay for a minute.
 */
final class OrphanChild {

    private static volatile long turns;

    private OrphanChild() {}

    public static void main(String[] args) throws Exception {
        Path told = Path.of(args[1]);
        IpcChannel channel = StdioTakeover.take();
        OrphanWatch watch = OrphanWatch.start(OrphanWatch.DEFAULT_GRACE, () -> create(told));
        if (args[0].equals("parted")) {
            watch.disarm();
        }
        if (args[0].equals("hooks")) {
            exitInto(() -> report(Path.of(args[2]), "ready"));
        }
        report(Path.of(args[2]), args[0].equals("blind") ? "gone=" + looksWithoutDescriptors() : "ready");
        if (args[0].equals("spin")) {
            spin();
        }
        readToTheEnd(channel, watch);
        new CountDownLatch(1).await(60, SECONDS);
    }

    private static void exitInto(Callable<?> hook) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                hook.call();
                new CountDownLatch(1).await(60, SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }));
        System.exit(0);
    }

    private static void create(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Written aside and moved, so that whoever sees the file sees all of it. */
    private static Path report(Path file, String line) throws IOException {
        Path draft = file.resolveSibling("draft");
        Files.writeString(draft, line);
        return Files.move(draft, file);
    }

    private static boolean looksWithoutDescriptors() throws IOException {
        ParentLook look = new ParentLook();
        List<InputStream> open = new ArrayList<>();
        try {
            while (true) {
                open.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException expected) {
            return look.getAsBoolean();
        } finally {
            for (InputStream stream : open) {
                stream.close();
            }
        }
    }

    private static void readToTheEnd(IpcChannel channel, OrphanWatch watch) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(10);
        while (channel.read(bytes) >= 0) {
            bytes.clear();
        }
        watch.inputEnded();
    }

    private static void spin() {
        long start = System.nanoTime();
        while (System.nanoTime() - start < SECONDS.toNanos(60)) {
            turns++;
        }
    }
}
