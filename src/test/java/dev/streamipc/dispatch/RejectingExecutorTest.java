package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.dispatch.ThreadTasks.Done;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A user's executor that takes nothing, or not everything. */
@Timeout(60)
class RejectingExecutorTest {

    private static final int EVENTS = 200;

    private static List<DispatcherEvent> events() {
        return IntStream.range(0, EVENTS)
                .<DispatcherEvent>mapToObj(number -> new DispatcherEvent.Started("w-1", number))
                .toList();
    }

    @Test
    void whatTheExecutorRejectsASpareTellsInOrder() {
        List<DispatcherEvent> seen = new ArrayList<>();
        AtomicInteger asked = new AtomicInteger();
        Executor everySecond = task -> {
            if (asked.incrementAndGet() % 2 == 0) {
                throw new RejectedExecutionException("planted");
            }
            task.run();
        };
        EventFeed feed = new EventFeed(everySecond, Runnable::run);
        feed.add(seen::add);

        events().forEach(feed::tell);

        assertEquals(events(), seen);
    }

    @Test
    void aDispatcherWhoseExecutorIsShutDownGivesOutcomesAndNewsAndFailsDependents() throws Exception {
        var users = Executors.newSingleThreadExecutor();
        Queue<DispatcherEvent> seen = new ConcurrentLinkedQueue<>();
        try (Dispatcher dispatcher =
                ThreadTasks.builder().callbackExecutor(users).events(seen::add).build()) {
            // news that the executor has taken and never runs are nobody's any more
            Eventually.await(
                    "the first news is told", () -> seen.stream().anyMatch(DispatcherEvent.Ready.class::isInstance));
            users.shutdown();
            CountDownLatch isAwaited = new CountDownLatch(1);
            CompletableFuture<Done> call = ThreadTasks.call(dispatcher, context -> {
                isAwaited.await();
                return "x";
            });
            // of a call that has ended it would run here
            CompletableFuture<Object> dependent = call.thenApply(Done::value);
            isAwaited.countDown();

            assertEquals("x", ThreadTasks.get(call));
            ThreadTasks.failureOf(RejectedExecutionException.class, dependent);
        }
        Eventually.await(
                "the last news is told", () -> seen.stream().anyMatch(DispatcherEvent.Stopped.class::isInstance));
        assertTrue(seen.stream().anyMatch(DispatcherEvent.Ready.class::isInstance), seen::toString);
    }
}
