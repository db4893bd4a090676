package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.dispatch.Workbench.Echoed;
import dev.streamipc.dispatch.Workbench.Sleep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** What the contracts of dispatchers share: a dispatcher, and the means to look at it. */
interface DispatcherBench {

    Duration AMPLE = Duration.ofSeconds(30);
    int WORKERS = 2;
    int QUEUE = 2;

    /** Returns the dispatcher that all tests here share: two workers, room for two tasks that wait, and a short grace. */
    Dispatcher shared();

    /** Returns a new one with one worker. */
    Dispatcher single();

    /** Sets what the contract relies on. */
    static <B extends DispatcherBuilder<B>> B sharedLike(B builder) {
        return builder.workers(WORKERS).queueCapacity(QUEUE).grace(Duration.ofMillis(1_500));
    }

    @AfterEach
    default void nothingIsLeftOpen() throws Exception {
        assertTrue(shared().awaitIdle(AMPLE));
        Eventually.await("all are idle", () -> shared().stats().workers(WorkerState.IDLE) == WORKERS);
    }

    /** Has all workers run something until it is cancelled. */
    default List<CompletableFuture<Echoed>> occupied() throws Exception {
        List<CompletableFuture<Echoed>> calls = new ArrayList<>();
        for (int count = 0; count < WORKERS; count++) {
            calls.add(shared().call(new Sleep(60_000, false)));
        }
        Eventually.await("all are busy", () -> shared().stats().running() == WORKERS);
        return calls;
    }

    static void free(List<CompletableFuture<Echoed>> calls) {
        calls.forEach(call -> call.cancel(true));
    }

    static <T extends Throwable> T failureOf(Class<T> type, CompletableFuture<?> call) throws Exception {
        ExecutionException failed = assertThrows(ExecutionException.class, () -> call.get(30, TimeUnit.SECONDS));
        return assertInstanceOf(type, failed.getCause());
    }

    static <T> T get(Future<T> call) throws Exception {
        return call.get(30, TimeUnit.SECONDS);
    }
}
