package dev.streamipc.bench.side;

import dev.streamipc.bench.side.Echo.Ask;
import dev.streamipc.session.IpcSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** The heap that an idle session holds in the parent, some time after it was busy; bytes, over many sessions. */
public final class IdleHeap {

    private static final int REQUESTS = 1_000;
    private static final long IDLE_NANOS = 2_000_000_000L;

    private IdleHeap() {}

    /** Takes the number of sessions. */
    public static void main(String[] words) throws Exception {
        int count = Integer.parseInt(words[0]);
        try (Visitors first = Visitors.of(1)) {
            use(first);
            Turns.answer(0, () -> new double[] {bytesPerSession(count)});
        }
    }

    private static double bytesPerSession(int count) throws Exception {
        double before = Heap.usedBytes();
        try (Visitors visitors = Visitors.of(count)) {
            use(visitors);
            LockSupport.parkNanos(IDLE_NANOS);
            return (Heap.usedBytes() - before) / count;
        }
    }

    private static void use(Visitors visitors) {
        for (IpcSession session : visitors.sessions) {
            List<CompletableFuture<?>> calls = new ArrayList<>();
            for (int number = 0; number < REQUESTS; number++) {
                calls.add(session.request(new Ask(number)));
            }
            calls.forEach(CompletableFuture::join);
        }
    }
}
