package dev.streamipc.faults;

import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.process.Child;
import dev.streamipc.process.ChildChannel;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.Limits;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.zip.CRC32;

/**
 * A parent that sends one large message, and small calls beside it, or its child. The parent takes the channel and the size
 * in MiB, and {@code down} if the large one is to be an answer; it prints {@code ms=<transfer> calls=<small ones> p50Us=<…> p99Us=<…> maxUs=<…> altered=<false>}.
 */
final class LargeMain {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int MOST_BYTES = 1 << 30;
    private static final int SPARE_BYTES = 4 << 20;
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    record Load(byte[] bytes) implements Request<Weight> {}

    record Weight(long crc) implements Message {}

    record Fetch(int bytes) implements Request<Load> {}

    record Small(int number) implements Request<Back> {}

    record Back(int number) implements Message {}

    private LargeMain() {}

    public static void main(String[] args) {
        int bytes = (int) Math.min((long) Integer.parseInt(args[1]) << 20, MOST_BYTES - SPARE_BYTES);
        // while the large one waits for its handler, the small ones are to find room
        Limits limits = Limits.DEFAULT
                .withMaxPayloadBytes(bytes + SPARE_BYTES)
                .withMaxOutboundBytes(MOST_BYTES)
                .withMaxInbound(Limits.DEFAULT.maxInboundItems(), MOST_BYTES);
        try (IpcPeer peer = IpcPeer.builder()
                .messages(Load.class, Fetch.class, Small.class)
                .limits(limits)
                .handlerExecutor(Executors.newFixedThreadPool(2, LargeMain::daemon))
                .build()) {
            if (args[0].equals("child")) {
                serve(peer);
            } else {
                send(peer, args, bytes);
            }
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    private static void serve(IpcPeer peer) {
        IpcSession session = peer.createStdioSession();
        session.onRequest(Load.class, load -> new Weight(crc(load.bytes())));
        session.onRequest(Fetch.class, fetch -> new Load(random(fetch.bytes())));
        session.onRequest(Small.class, small -> new Back(small.number()));
        session.start();
        try {
            session.awaitClosed(Duration.ofDays(1));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    private static void send(IpcPeer peer, String[] args, int bytes) {
        String heap = "-Xmx" + (3 * Integer.parseInt(args[1]) + 64) + "m";
        IpcSession child = peer.spawn(Child.java(LargeMain.class)
                .jvmOptions(heap)
                .arguments("child", args[1])
                .over(ChildChannel.valueOf(args[0])));
        for (int i = 0; i < 2_000; i++) {
            child.call(new Small(i));
        }
        byte[] load = random(bytes);
        long expected = crc(load);
        boolean isUp = args.length == 2;
        long startNanos = System.nanoTime();
        CompletableFuture<Long> large = isUp
                ? child.request(new Load(load), CallOptions.deadline(LONG)).thenApply(Weight::crc)
                : child.request(new Fetch(bytes), CallOptions.deadline(LONG)).thenApply(back -> crc(back.bytes()));
        load = new byte[0];
        LongStream.Builder times = LongStream.builder();
        while (!large.isDone()) {
            long before = System.nanoTime();
            child.call(new Small(1), CallOptions.deadline(LONG));
            times.add(System.nanoTime() - before);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        long arrivedNanos = System.nanoTime() - startNanos;
        long[] sorted = times.build().sorted().toArray();
        System.out.println("ms=" + arrivedNanos / 1_000_000 + " calls=" + sorted.length + " p50Us="
                + sorted[sorted.length / 2] / 1_000 + " p99Us=" + sorted[sorted.length * 99 / 100] / 1_000 + " maxUs="
                + sorted[sorted.length - 1] / 1_000 + " altered="
                + (large.join() != expected));
    }
}
