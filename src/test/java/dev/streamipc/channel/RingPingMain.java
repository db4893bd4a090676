package dev.streamipc.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the bare channel between two processes: {@code RingPingMain [bytes]} prints nanoseconds of a round trip and
 * MB/s one way. The process starts its own other side.
 */
final class RingPingMain {

    private static final int WARM = 200_000;
    private static final int ROUNDS = 400_000;
    private static final int COLD_ROUNDS = 500;
    private static final int MIB = 1 << 20;

    private RingPingMain() {}

    public static void main(String[] args) throws Exception {
        int sizeBytes = args.length > 0 ? Integer.parseInt(args[0]) : 64;
        if (args.length > 1) {
            echo(SharedMemoryChannel.connect(Path.of(args[1])), sizeBytes);
            return;
        }
        SharedMemoryHost host =
                SharedMemoryHost.open(Integer.getInteger("ring", SharedMemoryChannel.DEFAULT_RING_BYTES));
        String java = ProcessHandle.current().info().command().orElseThrow();
        Process child = new ProcessBuilder(
                        java,
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RingPingMain.class.getName(),
                        "" + sizeBytes,
                        host.listener().path().toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        IpcChannel channel = host.channel();
        exchange(channel, ByteBuffer.allocate(sizeBytes), false);
        measure(channel, sizeBytes);
        channel.close();
        child.waitFor();
    }

    private static void measure(IpcChannel channel, int sizeBytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(sizeBytes);
        for (int i = 0; i < WARM; i++) {
            exchange(channel, buffer, true);
        }
        for (int repeat = 0; repeat < 5; repeat++) {
            print("hot", times(channel, buffer, ROUNDS, 0));
        }
        print("cold", times(channel, buffer, COLD_ROUNDS, 2));
        for (int repeat = 0; repeat < 5; repeat++) {
            bulk(channel, sizeBytes);
        }
    }

    private static long[] times(IpcChannel channel, ByteBuffer buffer, int rounds, int pauseMs) throws IOException {
        long[] nanos = new long[rounds];
        for (int i = 0; i < rounds; i++) {
            if (pauseMs > 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMs));
            }
            long start = System.nanoTime();
            exchange(channel, buffer, true);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return nanos;
    }

    private static void print(String name, long[] sorted) {
        System.out.println(name + " p50=" + sorted[sorted.length / 2] + " ns, p99="
                + sorted[(int) (sorted.length * 0.99)] + " ns, p99.9=" + sorted[(int) (sorted.length * 0.999)]);
    }

    private static void bulk(IpcChannel channel, int sizeBytes) throws IOException {
        ByteBuffer mib = ByteBuffer.allocate(MIB);
        int count = 2_000;
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            channel.write(mib.clear());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("bulk %.0f MB/s%n", count * (double) MIB / 1e6 / seconds);
        exchange(channel, ByteBuffer.allocate(sizeBytes), true);
    }

    private static void exchange(IpcChannel channel, ByteBuffer buffer, boolean write) throws IOException {
        if (write) {
            channel.write(buffer.clear());
        }
        buffer.clear();
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("ended");
            }
        }
    }

    private static void echo(IpcChannel channel, int sizeBytes) throws IOException {
        channel.write(ByteBuffer.allocate(sizeBytes));
        ByteBuffer buffer = ByteBuffer.allocate(sizeBytes);
        long rounds = WARM + 5L * ROUNDS + COLD_ROUNDS;
        for (long i = 0; i < rounds; i++) {
            exchange(channel, buffer, false);
            channel.write(buffer.clear());
        }
        ByteBuffer big = ByteBuffer.allocate(64 * 1024);
        for (int repeat = 0; repeat < 5; repeat++) {
            for (long left = 2_000L * MIB; left > 0; ) {
                left -= channel.read(big.clear().limit((int) Math.min(left, big.capacity())));
            }
            exchange(channel, buffer, false);
            channel.write(buffer.clear());
        }
    }
}
