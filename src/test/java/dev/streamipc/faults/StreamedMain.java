package dev.streamipc.faults;

import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.message.StreamRequest;
import dev.streamipc.message.UploadRequest;
import dev.streamipc.process.Child;
import dev.streamipc.process.ChildChannel;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.PartStream;
import dev.streamipc.session.Upload;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.zip.CRC32;

/**
 * A parent that has much streamed to or from its child, and makes small calls beside it; or that child. The parent takes the
 * channel, UP or DOWN, the size in MiB and the child's heap in MiB, and prints {@code ms=<transfer> calls=<small ones>
 * p50Us=<…> p99Us=<…> maxUs=<…> altered=<false>}. Its own heap is for its command line to set.
 */
final class StreamedMain {

    private static final int PART_BYTES = 64_000;
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final CallOptions LONG = CallOptions.deadline(Duration.ofMinutes(10));

    record Down(long parts) implements StreamRequest<Block> {}

    record Up(long parts) implements UploadRequest<Block, Weight> {}

    record Block(long number, byte[] bytes) implements Message {}

    record Weight(long crc) implements Message {}

    record Small(int number) implements Request<Back> {}

    record Back(int number) implements Message {}

    private StreamedMain() {}

    public static void main(String[] args) throws Exception {
        try (IpcPeer peer =
                IpcPeer.builder().messages(Down.class, Up.class, Small.class).build()) {
            if (args[0].equals("child")) {
                serve(peer.createStdioSession());
            } else {
                run(peer, args);
            }
        }
    }

    private static void serve(IpcSession session) {
        session.onStream(Down.class, (down, parts) -> {
            for (long i = 0; i < down.parts(); i++) {
                parts.send(block(i));
            }
        });
        session.onUpload(Up.class, (up, parts, context) -> new Weight(crc(parts)));
        session.onRequest(Small.class, small -> new Back(small.number()));
        session.serve();
    }

    private static Block block(long number) {
        byte[] bytes = new byte[PART_BYTES];
        for (int i = 0; i < bytes.length; i += 64) {
            bytes[i] = (byte) (number * 31 + i / 64);
        }
        return new Block(number, bytes);
    }

    private static long crc(Iterable<Block> blocks) {
        CRC32 crc = new CRC32();
        blocks.forEach(block -> crc.update(block.bytes()));
        return crc.getValue();
    }

    private static long expected(long parts) {
        CRC32 crc = new CRC32();
        for (long i = 0; i < parts; i++) {
            crc.update(block(i).bytes());
        }
        return crc.getValue();
    }

    private static long transfer(IpcSession child, boolean up, long parts) {
        if (!up) {
            try (PartStream<Block> stream = child.stream(new Down(parts), LONG)) {
                return crc(stream);
            }
        }
        try (Upload<Block, Weight> upload = child.upload(new Up(parts), LONG)) {
            for (long i = 0; i < parts; i++) {
                upload.send(block(i));
            }
            return upload.finish().crc();
        }
    }

    private static void run(IpcPeer peer, String[] args) throws Exception {
        IpcSession child = peer.spawn(Child.java(StreamedMain.class)
                .jvmOptions("-Xmx" + args[3] + "m")
                .arguments("child")
                .over(ChildChannel.valueOf(args[0])));
        for (int i = 0; i < 2_000; i++) {
            child.call(new Small(i));
        }
        long parts = (Long.parseLong(args[2]) << 20) / PART_BYTES;
        long startNanos = System.nanoTime();
        CompletableFuture<Long> crc = new CompletableFuture<>();
        Thread transferring = new Thread(() -> {
            try {
                crc.complete(transfer(child, args[1].equals("UP"), parts));
            } catch (RuntimeException | Error failure) {
                crc.completeExceptionally(failure);
            }
        });
        transferring.start();
        LongStream.Builder times = LongStream.builder();
        while (!crc.isDone()) {
            long before = System.nanoTime();
            child.call(new Small(1), LONG);
            times.add(System.nanoTime() - before);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        long arrivedNanos = System.nanoTime() - startNanos;
        long[] sorted = times.build().sorted().toArray();
        System.out.println("ms=" + arrivedNanos / 1_000_000 + " calls=" + sorted.length + " p50Us="
                + sorted[sorted.length / 2] / 1_000 + " p99Us=" + sorted[sorted.length * 99 / 100] / 1_000 + " maxUs="
                + sorted[sorted.length - 1] / 1_000 + " altered=" + (crc.get() != expected(parts)));
    }
}
