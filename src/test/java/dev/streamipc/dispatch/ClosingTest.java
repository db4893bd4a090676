package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.dispatch.ThreadTasks.Done;
import dev.streamipc.message.StartFailed;
import dev.streamipc.process.Child;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Dispatchers that are closed from odd places, and at odd moments. */
@Timeout(60)
class ClosingTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final CountDownLatch never = new CountDownLatch(1);
    private final AtomicInteger begun = new AtomicInteger();

    /** The first worker gets ready, those behind it never do. */
    private ThreadDispatcher.Builder secondHangs() {
        return ThreadDispatcher.builder(worker -> {
                    if (begun.incrementAndGet() > 1) {
                        never.await();
                    }
                    ThreadTasks.PROGRAM.setUp(worker);
                })
                .workers(1, 2)
                .growAfter(Duration.ZERO)
                .grace(Duration.ofMillis(100))
                .closeLimit(Duration.ofMillis(50));
    }

    private static void closesSoon(Dispatcher dispatcher) {
        long since = System.nanoTime();
        dispatcher.close();
        assertTrue(System.nanoTime() - since < SOON.toNanos(), "it waited for the start");
        assertEquals(List.of(), dispatcher.workers());
    }

    @Test
    void aThreadThatNeverGetsReadyHoldsUpNoClose() throws Exception {
        Dispatcher dispatcher = secondHangs().build();
        ThreadTasks.call(dispatcher, context -> {
            never.await();
            return "never";
        });
        ThreadTasks.call(dispatcher, context -> "waits");
        Eventually.await("second begun", () -> begun.get() > 1);

        closesSoon(dispatcher);
    }

    @Test
    void aProcessThatNeverSaysHelloHoldsUpNoClose() throws Exception {
        Thread[] builds = new Thread[1];
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        builds[0] = new Thread(() -> {
            try {
                ProcessDispatcher.builder(Child.command("sleep", "600"))
                        .workers(2)
                        .startLimit(Duration.ofMinutes(10))
                        .build()
                        .close();
            } catch (Throwable thrown) {
                failure.complete(thrown);
            }
        });
        builds[0].start();
        Eventually.await(
                "children are there",
                () -> ProcessHandle.current()
                                .children()
                                .filter(child ->
                                        child.info().commandLine().orElse("").endsWith("sleep 600"))
                                .count()
                        >= 2);

        builds[0].interrupt();

        assertInstanceOf(StartFailed.class, failure.get(SOON.toSeconds(), TimeUnit.SECONDS));
        Eventually.await(
                "children are gone",
                () -> ProcessHandle.current()
                        .children()
                        .noneMatch(
                                child -> child.info().commandLine().orElse("").endsWith("sleep 600")));
    }

    @Test
    void aCallbackOnTheUsersExecutorClosesAndGoesOn() throws Exception {
        ExecutorService users = Executors.newSingleThreadExecutor();
        try {
            Dispatcher dispatcher = ThreadTasks.builder()
                    .callbackExecutor(users)
                    .workers(2)
                    .closeLimit(Duration.ofSeconds(1))
                    .build();
            CompletableFuture<Done> busy = ThreadTasks.call(dispatcher, context -> {
                never.await();
                return "never";
            });
            CountDownLatch go = new CountDownLatch(1);
            CompletableFuture<Boolean> returned = ThreadTasks.call(dispatcher, context -> {
                        go.await();
                        return "x";
                    })
                    .handle((done, failure) -> {
                        dispatcher.close();
                        return busy.isDone();
                    });
            go.countDown();

            assertEquals(false, returned.get(10, TimeUnit.SECONDS));
            dispatcher.close();
            assertTrue(busy.isDone());
        } finally {
            users.shutdownNow();
        }
    }

    @Test
    void anObserverOnTheUsersExecutorClosesAndGoesOn() throws Exception {
        ExecutorService users = Executors.newSingleThreadExecutor();
        try {
            CompletableFuture<Dispatcher> made = new CompletableFuture<>();
            CompletableFuture<Boolean> returned = new CompletableFuture<>();
            made.complete(ThreadTasks.builder()
                    .callbackExecutor(users)
                    .events(event -> {
                        if (event instanceof DispatcherEvent.Ready) {
                            made.join().close();
                            returned.complete(true);
                        }
                    })
                    .build());

            assertTrue(returned.get(10, TimeUnit.SECONDS));
            made.join().close();
        } finally {
            users.shutdownNow();
        }
    }

    @Test
    void aTaskOfThreadsClosesItsDispatcherAndGoesOn() throws Exception {
        Dispatcher dispatcher = ThreadTasks.builder().closeLimit(SOON).build();

        CompletableFuture<Done> call = ThreadTasks.call(dispatcher, context -> {
            dispatcher.close();
            return "closed";
        });

        assertEquals("closed", ThreadTasks.get(call));
        closesSoon(dispatcher);
    }

    @Test
    void severalThreadsCloseAtOnceAndEachFindsItClosed() throws Exception {
        Dispatcher dispatcher = ThreadTasks.builder().workers(4).build();
        CountDownLatch go = new CountDownLatch(1);
        List<CompletableFuture<Integer>> closed = IntStream.range(0, 8)
                .mapToObj(number -> CompletableFuture.supplyAsync(
                        () -> {
                            Eventually.await(go);
                            dispatcher.close();
                            return dispatcher.workers().size();
                        },
                        task -> new Thread(task).start()))
                .toList();

        go.countDown();

        for (CompletableFuture<Integer> each : closed) {
            assertEquals(0, each.get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void whatDependsOnACancelledTaskMayAskAndWait() throws Exception {
        try (Dispatcher dispatcher = ThreadTasks.builder().workers(2).build()) {
            CompletableFuture<Done> task = ThreadTasks.call(dispatcher, context -> {
                never.await();
                return "never";
            });
            CompletableFuture<Object> asked = CompletableFuture.allOf(task).handle((none, failure) -> {
                try {
                    return ThreadTasks.get(ThreadTasks.call(dispatcher, context -> "answered"));
                } catch (Exception failed) {
                    return failed;
                }
            });

            task.cancel(true);

            assertEquals("answered", asked.get(40, TimeUnit.SECONDS));
        }
    }

    @Test
    void oddLimitsAreNoLimitAtAllOrADay() throws Exception {
        Duration longAgo = Duration.ofSeconds(Long.MIN_VALUE);
        Dispatcher dispatcher = ThreadTasks.builder().build();
        CompletableFuture<Done> busy = ThreadTasks.call(dispatcher, context -> {
            never.await();
            return "never";
        });

        assertFalse(dispatcher.awaitIdle(longAgo));
        assertFalse(dispatcher.awaitIdle(Duration.ZERO));
        assertThrows(NullPointerException.class, () -> dispatcher.drain(null));
        assertFalse(busy.isDone());
        assertFalse(dispatcher.drain(longAgo));

        assertTrue(busy.isDone());
        assertTrue(dispatcher.awaitIdle(Duration.ofSeconds(Long.MAX_VALUE)));
    }
}
