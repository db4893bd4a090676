package dev.streamipc.bench.side;

import dev.streamipc.bench.side.Noop.Task;
import dev.streamipc.dispatch.Dispatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the heap holds behind many queued and settled tasks, as a multiple of what it held before. */
public final class PoolHeap {

    private static final int WARM_UP_TASKS = 20_000;

    private PoolHeap() {}

    /** Takes the number of tasks. */
    public static void main(String[] words) throws Exception {
        int count = Integer.parseInt(words[0]);
        try (Dispatcher pool = Noop.pool().prefetch(64).queueCapacity(count).build()) {
            run(pool, WARM_UP_TASKS);
            double before = Heap.usedBytes();
            Turns.answer(0, () -> {
                run(pool, count);
                return new double[] {Heap.usedBytes() / before};
            });
        }
    }

    private static void run(Dispatcher pool, int count) {
        List<CompletableFuture<?>> calls = new ArrayList<>(count);
        for (int number = 0; number < count; number++) {
            calls.add(pool.call(new Task(number)));
        }
        calls.forEach(CompletableFuture::join);
    }
}
