package dev.streamipc.callback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One thread that runs tasks in order, and tasks that are collected for it. */
@Timeout(30)
class SerialExecutorTest {

    private final SerialExecutor executor = new SerialExecutor("test-serial");
    private final Queue<Integer> ran = new ConcurrentLinkedQueue<>();

    @AfterEach
    void retire() {
        executor.retire();
    }

    private void await() throws InterruptedException {
        CountDownLatch behind = new CountDownLatch(1);
        executor.execute(behind::countDown);
        assertTrue(behind.await(10, TimeUnit.SECONDS));
    }

    @Test
    void tasksRunInOrder() throws Exception {
        IntStream.range(0, 1_000).forEach(i -> executor.execute(() -> ran.add(i)));
        await();

        assertEquals(IntStream.range(0, 1_000).boxed().toList(), new ArrayList<>(ran));
    }

    @Test
    void whatIsCollectedRunsWhenItIsReleased() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        executor.collect();
        executor.execute(() -> ran.add(1));
        executor.execute(done::countDown);
        assertFalse(done.await(20, TimeUnit.MILLISECONDS), "nobody was woken, and no thread started");

        executor.release();

        assertTrue(done.await(10, TimeUnit.SECONDS));
        assertEquals(List.of(1), List.copyOf(ran));
    }

    @Test
    void whatAnotherThreadGivesMeanwhileRunsAtOnceAndTakesTheRestAlong() throws Exception {
        CountDownLatch collected = new CountDownLatch(1);
        executor.collect();
        executor.execute(collected::countDown);

        Thread other = new Thread(() -> executor.execute(() -> {}));
        other.start();

        assertTrue(collected.await(10, TimeUnit.SECONDS));
        other.join();
        executor.release();
    }

    @Test
    void releaseOfNothingStartsNoThread() {
        SerialExecutor idle = new SerialExecutor("test-idle");
        idle.collect();
        idle.release();

        assertTrue(Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("test-idle")));
    }
}
