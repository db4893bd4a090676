package dev.streamipc.dispatch;

import static dev.streamipc.dispatch.ThreadTasks.AMPLE;
import static dev.streamipc.dispatch.ThreadTasks.builder;
import static dev.streamipc.dispatch.ThreadTasks.call;
import static dev.streamipc.dispatch.ThreadTasks.failureOf;
import static dev.streamipc.dispatch.ThreadTasks.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.dispatch.ThreadTasks.Do;
import dev.streamipc.dispatch.ThreadTasks.Done;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.message.StartFailed;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What goes wrong on threads harms the task that it befalls. */
class ThreadFaultsTest {

    private static final TaskOptions SHORT = TaskOptions.DEFAULT.runLimit(Duration.ofMillis(400));

    /** Hears neither a cancel nor an interrupt. */
    private static ThreadTasks.Body stubborn(AtomicBoolean isReleased) {
        return context -> {
            while (!isReleased.get()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
            return "released";
        };
    }

    private static int deeper(int depth) {
        return depth < 0 ? 0 : deeper(depth + 1) + 1;
    }

    @Test
    void anErrorIsTheFailureOfItsTaskAlone() throws Exception {
        try (Dispatcher dispatcher = builder().build()) {
            RemoteFailure deep = failureOf(RemoteFailure.class, call(dispatcher, context -> deeper(0)));
            RemoteFailure large = failureOf(RemoteFailure.class, call(dispatcher, context -> {
                throw new OutOfMemoryError("made up");
            }));

            assertEquals(StackOverflowError.class.getName(), deep.remoteType());
            assertTrue(deep.remoteStack().contains("deeper"));
            assertEquals("made up", large.remoteMessage());
            assertEquals("fine", get(call(dispatcher, context -> "fine")));
            assertEquals(1, dispatcher.workers().get(0).starts());
        }
    }

    @Test
    void anInterruptEndsATaskThatBlocksAndHarmsNoOther() throws Exception {
        try (Dispatcher dispatcher = builder().grace(AMPLE).build()) {
            CountDownLatch never = new CountDownLatch(1);
            DeadlinePassed late = failureOf(DeadlinePassed.class, call(dispatcher, SHORT, context -> {
                never.await();
                return "never";
            }));

            assertEquals(Phase.RUNNING, late.phase());
            assertEquals(
                    false,
                    get(call(dispatcher, context -> Thread.currentThread().isInterrupted())));
            assertEquals(1, dispatcher.workers().get(0).starts());
        }
    }

    @Test
    void anInterruptThatATaskLeavesBehindDoesNotHitTheNext() throws Exception {
        try (Dispatcher dispatcher = builder().build()) {
            get(call(dispatcher, context -> {
                Thread.currentThread().interrupt();
                return "rude";
            }));

            assertEquals(
                    false,
                    get(call(dispatcher, context -> Thread.currentThread().isInterrupted())));
        }
    }

    @Test
    void withTooManyLeftBehindNoTaskIsTakenUntilSomeEnd() throws Exception {
        AtomicBoolean isReleased = new AtomicBoolean();
        try (Dispatcher dispatcher = builder().maxAbandoned(1).build()) {
            failureOf(DeadlinePassed.class, call(dispatcher, SHORT, stubborn(isReleased)));
            CompletableFuture<Done> waiting = call(dispatcher, context -> "waits");

            assertEquals(
                    Rejected.Reason.BREAKER_OPEN,
                    failureOf(Rejected.class, waiting).reason());
            assertEquals(1, dispatcher.stats().abandoned());
            Rejected rejected = failureOf(Rejected.class, call(dispatcher, context -> "more"));
            assertTrue(rejected.getMessage().contains("abandoned=1"), rejected::getMessage);

            isReleased.set(true);

            Eventually.await("thread has ended", () -> dispatcher.stats().abandoned() == 0);
            assertEquals("again", get(call(dispatcher, context -> "again")));
        }
    }

    @Test
    void whatWaitsBehindAStubbornTaskGoesToItsReplacement() throws Exception {
        AtomicBoolean isReleased = new AtomicBoolean();
        try (Dispatcher dispatcher = builder().prefetch(4).build()) {
            CompletableFuture<Done> late = call(dispatcher, SHORT, stubborn(isReleased));
            CompletableFuture<Done> behind =
                    call(dispatcher, context -> Thread.currentThread().getName());

            failureOf(DeadlinePassed.class, late);

            assertEquals("worker-2", get(behind));
            assertEquals(1, dispatcher.stats().requeued());
        } finally {
            isReleased.set(true);
        }
    }

    @Test
    void theReplacementOfAThreadThatIsLeftBehindIsNoVirtualOne() throws Exception {
        AtomicBoolean isReleased = new AtomicBoolean();
        try (Dispatcher dispatcher = builder().build()) {
            failureOf(DeadlinePassed.class, call(dispatcher, SHORT, stubborn(isReleased)));

            assertFalse((boolean) get(call(dispatcher, context -> ThreadWorkersTest.isVirtual())));
        } finally {
            isReleased.set(true);
        }
    }

    @Test
    void aWorkerHasNoSession() {
        StartFailed failed = startFailed(ThreadDispatcher.builder(worker -> worker.withSession(session -> {})));

        assertTrue(failed.getMessage().contains("has no session"), failed::getMessage);
    }

    private static StartFailed startFailed(ThreadDispatcher.Builder builder) {
        builder.workers(1).restarts(0, Duration.ofSeconds(10)).grace(Duration.ofMillis(20));
        return assertThrows(StartFailed.class, builder::build);
    }

    @Test
    void aProgramThatThrowsFailsTheStart() {
        StartFailed failed = startFailed(ThreadDispatcher.builder(worker -> {
            throw new java.io.IOException("no licence");
        }));

        assertTrue(failed.getMessage().contains("no licence"), failed::getMessage);
    }

    @Test
    void anErrorOfTheJvmFailsTheStart() {
        StartFailed failed = startFailed(ThreadDispatcher.builder(worker -> {
            throw new InternalError("made up");
        }));

        assertInstanceOf(InternalError.class, failed.getCause().getCause());
    }

    @Test
    void aStartTaskThatFailsFailsTheStart() {
        StartFailed failed = startFailed(builder().startTask(new Do(context -> {
            throw new IllegalStateException("no model");
        })));

        assertTrue(failed.getMessage().contains("no model"), failed::getMessage);
    }

    @Test
    void aStartThatTakesTooLongFails() {
        AtomicBoolean isReleased = new AtomicBoolean();
        StartFailed failed =
                startFailed(builder().startLimit(Duration.ofMillis(50)).startTask(new Do(stubborn(isReleased))));

        isReleased.set(true);
        assertTrue(failed.getMessage().contains("not ready in time"), failed::getMessage);
    }

    @Test
    void everyWorkerRunsTheStartTask() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        try (Dispatcher dispatcher = builder()
                .workers(3)
                .startTask(new Do(context -> runs.incrementAndGet()))
                .build()) {
            assertEquals(3, runs.get());
            assertEquals("x", get(call(dispatcher, context -> "x")));
        }
    }

    @Test
    void closeWaitsForAStubbornTaskNoLongerThanTheGrace() throws Exception {
        AtomicBoolean isReleased = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(1);
        Dispatcher dispatcher = builder().build();
        CompletableFuture<Done> call = call(dispatcher, context -> {
            begun.countDown();
            return stubborn(isReleased).run(context);
        });
        Eventually.await(begun);

        long beginNanos = System.nanoTime();
        dispatcher.close();

        assertEquals(Phase.RUNNING, failureOf(SessionClosed.class, call).phase());
        assertTrue(System.nanoTime() - beginNanos < TimeUnit.SECONDS.toNanos(10));
        assertEquals(1, dispatcher.stats().abandoned());
        isReleased.set(true);
        Eventually.await("thread has ended", () -> dispatcher.stats().abandoned() == 0);
    }

    @Test
    void aTaskMayCloseItsDispatcher() throws Exception {
        AtomicReference<Dispatcher> dispatcher =
                new AtomicReference<>(builder().closeLimit(AMPLE).build());

        assertEquals("closed", get(call(dispatcher.get(), context -> {
            dispatcher.get().close();
            return "closed";
        })));
        dispatcher.get().close();
        assertEquals(List.of(), dispatcher.get().workers());
    }

    @Test
    void nothingIsLeftAfterTheClose() throws Exception {
        Dispatcher dispatcher =
                builder().name("gone").virtualThreads(false).workers(3).build();
        get(call(dispatcher, context -> "x"));
        assertFalse(threads("gone").isEmpty());

        dispatcher.close();

        Eventually.await("no thread is left", () -> threads("gone").isEmpty());
    }

    private static Set<String> threads(String part) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains(part))
                .collect(Collectors.toSet());
    }
}
