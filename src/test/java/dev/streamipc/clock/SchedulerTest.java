package dev.streamipc.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The time of this JVM. */
@Timeout(30)
class SchedulerTest {

    private final Scheduler scheduler = Scheduler.ofThisJvm();

    @Test
    void aTaskRunsOnTheOneDaemonThreadWhenItIsDue() {
        long before = scheduler.nanoTime();
        CompletableFuture<Thread> ran = new CompletableFuture<>();

        scheduler.schedule(() -> ran.complete(Thread.currentThread()), TimeUnit.MILLISECONDS.toNanos(20));

        assertEquals("streamipc-timer", ran.join().getName());
        assertTrue(ran.join().isDaemon());
        assertTrue(scheduler.nanoTime() - before >= TimeUnit.MILLISECONDS.toNanos(20));
        assertSame(scheduler, Scheduler.ofThisJvm());
    }

    @Test
    void whatIsCancelledDoesNotRun() {
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        CompletableFuture<Void> later = new CompletableFuture<>();
        Scheduler.Due due = scheduler.schedule(() -> cancelled.complete(null), TimeUnit.MILLISECONDS.toNanos(20));

        due.cancel();
        scheduler.schedule(() -> later.complete(null), TimeUnit.MILLISECONDS.toNanos(40));
        later.join();

        assertFalse(cancelled.isDone());
    }

    @Test
    void aTaskThatThrowsHindersNoOther() {
        CompletableFuture<Void> next = new CompletableFuture<>();

        scheduler.schedule(
                () -> {
                    throw new IllegalStateException("planted");
                },
                0);
        scheduler.schedule(() -> next.complete(null), -1);

        next.join();
    }
}
