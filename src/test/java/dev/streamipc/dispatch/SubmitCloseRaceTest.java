package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.dispatch.ThreadTasks.Done;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.IpcFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that hand in tasks while another closes the dispatcher: 10,000 times at night, some hundred times else. */
class SubmitCloseRaceTest {

    private static final int ROUNDS = "night".equals(System.getProperty("streamipc.profile")) ? 10_000 : 300;
    private static final int THREADS = 3;
    private static final int TASKS = 4;

    /** A task that was handed in, and how often it was begun. */
    private record Given(CompletableFuture<Done> call, AtomicInteger begun) {

        static Given to(Dispatcher dispatcher) {
            AtomicInteger begun = new AtomicInteger();
            CompletableFuture<Done> call = ThreadTasks.call(dispatcher, context -> begun.incrementAndGet());
            return new Given(call, begun);
        }

        void judge() throws Exception {
            // a thread that gets no core for the grace is left behind, and the outcome that it has in hand comes later
            Throwable failure = call.handle((done, thrown) -> thrown).get(30, TimeUnit.SECONDS);
            if (failure == null) {
                assertEquals(1, begun.get());
                return;
            }
            assertTrue(failure instanceof IpcFailure, failure::toString);
            assertTrue(begun.get() <= 1, "begun twice");
            boolean isLie = ((IpcFailure) failure).certainty() == Certainty.NOT_EXECUTED && begun.get() > 0;
            assertFalse(isLie, "begun, and told otherwise: " + failure);
        }
    }

    @Test
    @Timeout(30 * 60)
    void everyTaskHasOneTrueOutcome() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                race(threads, round);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void race(ExecutorService threads, int round) throws Exception {
        Dispatcher dispatcher = ThreadTasks.builder()
                .workers(1 + round % 2)
                .prefetch(1 + round % 3)
                .queueCapacity(4)
                .build();
        CyclicBarrier together = new CyclicBarrier(THREADS + 1);
        List<Future<List<Given>>> all = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            all.add(threads.submit(() -> {
                together.await();
                List<Given> given = new ArrayList<>();
                for (int task = 0; task < TASKS; task++) {
                    given.add(Given.to(dispatcher));
                }
                return given;
            }));
        }
        together.await(30, TimeUnit.SECONDS);
        dispatcher.close();
        for (Future<List<Given>> each : all) {
            for (Given given : each.get(30, TimeUnit.SECONDS)) {
                given.judge();
            }
        }
        assertEquals(List.of(), dispatcher.workers());
    }
}
