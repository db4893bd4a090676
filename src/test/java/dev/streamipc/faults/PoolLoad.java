package dev.streamipc.faults;

import dev.streamipc.dispatch.Dispatcher;
import dev.streamipc.dispatch.TaskOptions;
import dev.streamipc.faults.PoolHistory.Told;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.IpcFailure;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Tasks of all sorts handed to a pool by several threads, each with its outcome noted. */
final class PoolLoad {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int LARGE_CHARS = 300_000;

    private final Dispatcher pool;
    private final Evidence evidence;
    private final Semaphore room;
    private final int window;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, Told> told = new ConcurrentHashMap<>();
    private final List<Thread> threads;
    private volatile boolean isOver;

    /** Starts the threads; so many tasks are open at a time. */
    PoolLoad(Dispatcher pool, Evidence evidence, int threads, int window) {
        this.pool = pool;
        this.evidence = evidence;
        this.window = window;
        room = new Semaphore(window);
        this.threads = IntStream.range(0, threads)
                .mapToObj(number -> new Thread(() -> run(new Random(number)), "faults-load-" + number))
                .toList();
        this.threads.forEach(Thread::start);
    }

    private void run(Random random) {
        while (!isOver) {
            room.acquireUninterruptibly();
            handIn(random);
        }
    }

    private void handIn(Random random) {
        int number = numbers.incrementAndGet();
        int workers = random.nextBoolean() ? 1 : 2 + random.nextInt(2);
        TaskOptions options = TaskOptions.deadline(DEADLINE);
        options = workers > 1 ? options.idempotent(workers) : options;
        int sort = random.nextInt(100);
        if (sort < 2) {
            options = options.runLimit(Duration.ofMillis(1 + random.nextInt(10)));
        } else if (sort < 4) {
            options = options.queueLimit(Duration.ofMillis(1 + random.nextInt(10)));
        }
        int fill = sort >= 4 && sort < 8 ? LARGE_CHARS : 8;
        CompletableFuture<String> call = pool.call("work", String.class, options, number, random.nextInt(12), fill);
        call.whenComplete((answer, thrown) -> {
            note(number, workers, answer, thrown);
            room.release();
        });
        if (sort >= 8 && sort < 10) {
            call.cancel(true);
        }
    }

    private void note(int number, int workers, String answer, Throwable thrown) {
        Throwable failure = thrown instanceof CompletionException wrapped ? wrapped.getCause() : thrown;
        Certainty certainty = failure instanceof IpcFailure ipc ? ipc.certainty() : null;
        evidence.require(failure == null || certainty != null, "no failure of the family: " + failure);
        evidence.require(failure != null || answer.startsWith(number + " "), "another task's answer: " + number);
        if (failure instanceof IpcFailure ipc) {
            evidence.failed(ipc);
        } else {
            evidence.answered();
        }
        String outcome = failure == null ? "ok" : failure.getClass().getSimpleName();
        told.merge(
                number,
                new Told(number, workers, outcome, certainty, 1),
                (one, other) -> new Told(number, workers, one.outcome() + "," + outcome, certainty, 2));
    }

    /** Hands in no more, and returns what became of all, those without an outcome too. */
    Collection<Told> end() throws InterruptedException {
        isOver = true;
        for (Thread thread : threads) {
            thread.join();
        }
        boolean hasAll = room.tryAcquire(window, 2 * DEADLINE.toSeconds(), TimeUnit.SECONDS);
        evidence.require(hasAll, "tasks without an outcome: open=" + (window - room.availablePermits()));
        for (int number = 1; number <= numbers.get(); number++) {
            told.putIfAbsent(number, new Told(number, 1, "none", null, 0));
        }
        return told.values();
    }
}
