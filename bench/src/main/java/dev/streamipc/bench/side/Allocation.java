package dev.streamipc.bench.side;

import com.sun.management.ThreadMXBean;
import dev.streamipc.bench.side.Echo.Ask;
import dev.streamipc.process.Child;
import dev.streamipc.session.IpcPeer;
import dev.streamipc.session.IpcSession;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;

/** Bytes that all threads of the parent allocate for a request: caller, reader and whatever else. */
public final class Allocation {

    private static final int REQUESTS = 50_000;
    private static final int CALLS = 10_000;
    private static final int WINDOW = 256;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /** Takes call, one after the other, or request, many at a time with a stage behind each. */
    public static void main(String[] words) throws Exception {
        try (IpcPeer peer = Echo.peer().build()) {
            IpcSession child = peer.spawn(Child.java(Echo.class));
            Turns.answer(3, () -> {
                boolean isCall = words[0].equals("call");
                double before = allocatedBytes();
                if (isCall) {
                    calls(child);
                } else {
                    requests(child);
                }
                return new double[] {(allocatedBytes() - before) / (isCall ? CALLS : REQUESTS)};
            });
        }
    }

    private static void calls(IpcSession child) {
        for (int number = 0; number < CALLS; number++) {
            child.call(new Ask(number));
        }
    }

    private static void requests(IpcSession child) throws InterruptedException {
        Semaphore room = new Semaphore(WINDOW);
        for (int number = 0; number < REQUESTS; number++) {
            room.acquire();
            CompletionStage<?> answer = child.request(new Ask(number));
            answer.whenComplete((done, failed) -> room.release());
        }
        room.acquire(WINDOW);
    }

    private static double allocatedBytes() {
        return Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }
}
