package dev.streamipc.session;

import dev.streamipc.message.Message;
import dev.streamipc.message.Request;
import dev.streamipc.process.Child;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures calls one after the other over shared memory, or with the argument {@code stdio} over that, and what an idle
 * session costs both processes once their compilers have come to rest.
 */
final class SharedMemoryCallsMain {

    private static final int CALLS = 100_000;
    private static final int ROUNDS = 5;
    private static final long IDLE_SECONDS = 8;

    record Small(int number) implements Request<Back> {}

    record Back(int number) implements Message {}

    private SharedMemoryCallsMain() {}

    public static void main(String[] args) {
        try (IpcPeer peer = IpcPeer.builder().messages(Small.class).build()) {
            if (args.length > 0 && args[0].equals("child")) {
                IpcSession parent = peer.createStdioSession();
                parent.onRequest(Small.class, small -> new Back(small.number()));
                parent.serve();
                return;
            }
            Child program = Child.java(SharedMemoryCallsMain.class).arguments("child");
            IpcSession child = peer.spawn(args.length > 0 ? program : program.sharedMemory());
            for (int round = 0; round < ROUNDS; round++) {
                System.out.println("call p50=" + p50(child) + " ns");
            }
            ProcessHandle other = child.process().orElseThrow();
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(IDLE_SECONDS));
            Duration before = spent(ProcessHandle.current(), other);
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(IDLE_SECONDS));
            Duration after = spent(ProcessHandle.current(), other);
            System.out.println("idle: spent=" + after.minus(before).toMillis() + " ms of both in s=" + IDLE_SECONDS);
        }
    }

    private static long p50(IpcSession child) {
        long[] nanos = new long[CALLS];
        for (int i = 0; i < CALLS; i++) {
            long start = System.nanoTime();
            child.call(new Small(i));
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return nanos[CALLS / 2];
    }

    private static Duration spent(ProcessHandle... all) {
        return Arrays.stream(all)
                .map(each -> each.info().totalCpuDuration())
                .flatMap(Optional::stream)
                .reduce(Duration.ZERO, Duration::plus);
    }
}
