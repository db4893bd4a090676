package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.message.RemoteFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A dispatcher as an executor keeps to the contract of one. */
@Timeout(60)
class TaskExecutorTest {

    private final Dispatcher dispatcher = ThreadDispatcher.builder(worker -> {
                worker.function("add", call -> call.at(0, int.class) + call.at(1, int.class));
                worker.function("fail", call -> {
                    throw new IllegalStateException("planted");
                });
                worker.function("hang", (call, context) -> {
                    context.cancellation().onCancel(() -> {});
                    new CountDownLatch(1).await();
                    return null;
                });
            })
            .workers(2)
            .overflow(0)
            .grace(Duration.ofMillis(100))
            .closeLimit(Duration.ZERO)
            .build();
    private final ExecutorService executor = dispatcher.asExecutor();

    @AfterEach
    void close() {
        dispatcher.close();
    }

    private static RemoteTask<Integer> add(int left, int right) {
        return RemoteTask.of("add", Integer.class, left, right);
    }

    private static RemoteTask<Integer> named(String function) {
        return RemoteTask.of(function, Integer.class);
    }

    @Test
    void awaitTerminationWaitsForAShutdownToCome() throws Exception {
        assertFalse(executor.awaitTermination(1, TimeUnit.MILLISECONDS));
        Thread waits = new Thread(() -> {
            try {
                assertTrue(executor.awaitTermination(1, TimeUnit.DAYS));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        waits.start();
        Eventually.awaitBlocked(waits);

        executor.shutdown();

        waits.join(TimeUnit.SECONDS.toMillis(10));
        assertFalse(waits.isAlive());
        assertTrue(executor.isShutdown());
        assertTrue(executor.isTerminated());
    }

    @Test
    void anExecutorWithAnOpenTaskIsNotTerminated() throws Exception {
        Future<Integer> hangs = executor.submit((Callable<Integer>) named("hang"));
        executor.shutdown();

        assertThrows(RejectedExecutionException.class, () -> executor.submit((Callable<Integer>) add(1, 2)));
        assertFalse(executor.isTerminated());
        assertFalse(executor.awaitTermination(-1, TimeUnit.DAYS));
        assertEquals(List.of(), executor.shutdownNow());

        assertThrows(CancellationException.class, hangs::get);
        assertTrue(executor.awaitTermination(Long.MAX_VALUE, TimeUnit.DAYS));
    }

    @Test
    void shutdownNowEndsWhatIsHandedInAtThatMoment() throws Exception {
        for (int round = 0; round < 200; round++) {
            ExecutorService each = dispatcher.asExecutor();
            List<Future<Integer>> handedIn = Collections.synchronizedList(new ArrayList<>());
            Thread submits = new Thread(() -> {
                try {
                    while (true) {
                        handedIn.add(each.submit((Callable<Integer>) add(1, 2)));
                    }
                } catch (RejectedExecutionException over) {
                    // it was shut down
                }
            });
            submits.start();
            Eventually.await("some are in", () -> handedIn.size() > 2);

            each.shutdownNow();

            assertTrue(each.awaitTermination(10, TimeUnit.SECONDS));
            submits.join();
            assertTrue(each.isTerminated());
            assertTrue(handedIn.stream().allMatch(Future::isDone));
        }
    }

    @Test
    void aResultOfTheCallersIsGivenAndItsCancelEndsTheTask() throws Exception {
        Future<String> known = executor.submit(add(1, 2).asRunnable(), "known");
        assertEquals("known", known.get());
        assertEquals("known", known.get(1, TimeUnit.SECONDS));
        assertTrue(known.isDone());
        Future<String> hangs = executor.submit(named("hang").asRunnable(), "never");
        Eventually.await("it runs", () -> dispatcher.stats().running() == 1);

        assertTrue(hangs.cancel(true));

        assertTrue(hangs.isCancelled());
        Eventually.await("it is idle", () -> dispatcher.stats().running() == 0);
    }

    @Test
    void invokeAnyGivesTheFirstAnswerAndEndsTheRest() throws Exception {
        assertEquals(3, executor.invokeAny(List.of(named("hang"), named("fail"), add(1, 2))));
        Eventually.await("the rest has ended", () -> dispatcher.stats().running() == 0);
        ExecutionException failed =
                assertThrows(ExecutionException.class, () -> executor.invokeAny(List.of(named("fail"), named("fail"))));
        assertTrue(failed.getCause().getMessage().contains("planted"), failed::toString);
        assertThrows(
                TimeoutException.class, () -> executor.invokeAny(List.of(named("hang")), 10, TimeUnit.MILLISECONDS));
        assertThrows(IllegalArgumentException.class, () -> executor.invokeAny(List.of()));
    }

    @Test
    void invokeAllReturnsWhenAllHaveEndedOrTheTimeIsUp() throws Exception {
        List<Future<Integer>> all =
                executor.invokeAll(List.of(add(1, 2), named("hang"), named("fail")), 300, TimeUnit.MILLISECONDS);

        assertEquals(3, all.get(0).get());
        assertTrue(all.get(1).isCancelled());
        assertInstanceOf(
                RemoteFailure.class,
                assertThrows(ExecutionException.class, all.get(2)::get).getCause());
        assertEquals(0, executor.invokeAll(List.<Callable<Integer>>of()).size());
    }
}
