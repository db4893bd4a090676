package dev.streamipc.dispatch;

import static dev.streamipc.dispatch.ThreadTasks.AMPLE;
import static dev.streamipc.dispatch.ThreadTasks.builder;
import static dev.streamipc.dispatch.ThreadTasks.call;
import static dev.streamipc.dispatch.ThreadTasks.failureOf;
import static dev.streamipc.dispatch.ThreadTasks.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.dispatch.ThreadTasks.Done;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.StartFailed;
import dev.streamipc.message.Undecodable;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.Function;
import dev.streamipc.session.ProgressPublisher;
import dev.streamipc.session.RequestContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** What only workers that are threads do, and what handlers see there. */
class ThreadWorkersTest {

    /** Functions of an object. */
    public static final class Sums {

        @Function
        public int twice(int value) {
            return 2 * value;
        }
    }

    static boolean isVirtual() throws ReflectiveOperationException {
        if (Runtime.version().feature() < 21) {
            return false;
        }
        return (boolean) Thread.class.getMethod("isVirtual").invoke(Thread.currentThread());
    }

    @Test
    void workersAreNamedThreads() throws Exception {
        try (Dispatcher dispatcher =
                builder().name("scale").virtualThreads(false).build()) {
            assertEquals(
                    "scale-1",
                    get(call(dispatcher, context -> Thread.currentThread().getName())));
            assertEquals(
                    true, get(call(dispatcher, context -> Thread.currentThread().isDaemon())));
            assertEquals(false, get(call(dispatcher, context -> isVirtual())));
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void workersAreVirtualThreadsWhereTheJvmHasThem() throws Exception {
        try (Dispatcher dispatcher = builder().name("light").build()) {
            assertEquals(true, get(call(dispatcher, context -> isVirtual())));
            assertEquals(
                    "light-1",
                    get(call(dispatcher, context -> Thread.currentThread().getName())));
        }
    }

    @Test
    void valuesAreHandedOverAsTheyAre() throws Exception {
        Object value = new Object();
        try (Dispatcher dispatcher = builder().build()) {
            assertSame(value, get(call(dispatcher, context -> value)));
        }
    }

    @Test
    void eachWorkerMakesItsOwnProgram() throws Exception {
        AtomicInteger made = new AtomicInteger();
        try (Dispatcher dispatcher = ThreadDispatcher.builder(() -> {
                    int number = made.incrementAndGet();
                    return worker -> worker.function("number", call -> number).functions(new Sums());
                })
                .workers(2)
                .build()) {
            assertEquals(2, made.get());
            assertTrue(dispatcher.call("number", int.class).get() <= 2);
            assertEquals(8, dispatcher.call("twice", int.class, 4).get());
            Undecodable unfit = failureOf(Undecodable.class, dispatcher.call("twice", int.class, "four"));
            assertEquals(Undecodable.Subject.ARGUMENT, unfit.subject());
        }
    }

    @Test
    void whatNobodyHandlesIsUnhandled() throws Exception {
        try (Dispatcher dispatcher = builder().build()) {
            Rejected rejected = failureOf(Rejected.class, dispatcher.call(new ThreadTasks.Unknown()));

            assertEquals(Rejected.Reason.UNHANDLED, rejected.reason());
        }
    }

    @Test
    void aHandlerHearsOfACancel() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<String> heard = new CompletableFuture<>();
        AtomicReference<RequestContext> kept = new AtomicReference<>();
        try (Dispatcher dispatcher = builder().grace(AMPLE).build()) {
            CompletableFuture<Done> call = call(dispatcher, context -> {
                kept.set(context);
                context.cancellation()
                        .onCancel(() ->
                                heard.complete(context.cancellation().reason().orElse("")));
                begun.countDown();
                try {
                    heard.get();
                } catch (InterruptedException ours) {
                    heard.get();
                }
                context.cancellation().throwIfCancelled();
                return "never";
            });
            Eventually.await(begun);

            assertTrue(call.cancel(true));

            assertEquals("given up", heard.get());
            assertEquals("next", get(call(dispatcher, context -> "next")));
            assertFalse(kept.get().timeLeft().isNegative());
            kept.get().progress(new Workbench.Step(1));
        }
    }

    @Test
    void aHandlerThatStopsAtItsDeadlineDoesNotFail() throws Exception {
        try (Dispatcher dispatcher = builder().grace(AMPLE).build()) {
            TaskOptions options = TaskOptions.DEFAULT.runLimit(Duration.ofMillis(300));

            DeadlinePassed late = failureOf(DeadlinePassed.class, call(dispatcher, options, context -> {
                while (true) {
                    context.cancellation().throwIfCancelled();
                }
            }));

            assertEquals(Phase.RUNNING, late.phase());
            assertEquals("next", get(call(dispatcher, context -> "next")));
        }
    }

    @Test
    void progressOfAnotherTypeIsLeftOut() throws Exception {
        List<Object> seen = Collections.synchronizedList(new ArrayList<>());
        TaskOptions options = TaskOptions.DEFAULT.onProgress(
                Workbench.Step.class, progress -> seen.add(progress.message().number() + "/" + progress.skipped()));
        try (Dispatcher dispatcher = builder().build()) {
            get(call(dispatcher, options, context -> {
                context.progress(new Workbench.Echoed("other", 0));
                context.progress(new Workbench.Step(7));
                return "x";
            }));

            assertEquals(List.of("7/1"), seen);
        }
    }

    @Test
    void aPublisherServesOneCall() throws Exception {
        TaskOptions options =
                TaskOptions.of(CallOptions.DEFAULT.progressTo(new ProgressPublisher<>(Workbench.Step.class)));
        try (Dispatcher dispatcher = builder().build()) {
            assertEquals("x", get(call(dispatcher, options, context -> "x")));
            failureOf(IllegalStateException.class, call(dispatcher, options, context -> "y"));
        }
    }

    @Test
    void aCallerWhoRunsItsTaskIsHeldToItsLimits() throws Exception {
        TaskOptions options =
                TaskOptions.DEFAULT.queueFull(QueueFull.RUN_IN_CALLER).runLimit(Duration.ofMillis(300));
        CountDownLatch never = new CountDownLatch(1);
        try (Dispatcher dispatcher = builder().queueCapacity(0).build()) {
            CompletableFuture<Done> busy = busy(dispatcher);

            CompletableFuture<Done> late = call(dispatcher, options, context -> {
                never.await();
                return "never";
            });

            assertEquals(Phase.RUNNING, failureOf(DeadlinePassed.class, late).phase());
            assertFalse(Thread.interrupted());
            busy.cancel(true);
            assertTrue(dispatcher.awaitIdle(AMPLE));
        }
    }

    private static CompletableFuture<Done> busy(Dispatcher dispatcher) throws Exception {
        CompletableFuture<Done> busy = call(dispatcher, context -> {
            new CountDownLatch(1).await();
            return "never";
        });
        Eventually.await("worker is busy", () -> dispatcher.stats().running() == 1);
        return busy;
    }

    @Test
    void aTaskThatItsCallerRunsCanBeCancelledAndClosed() throws Exception {
        TaskOptions options = TaskOptions.DEFAULT.queueFull(QueueFull.RUN_IN_CALLER);
        Dispatcher dispatcher = builder().queueCapacity(0).build();
        busy(dispatcher);
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<CompletableFuture<Done>> call = new AtomicReference<>();
        Thread caller = new Thread(() -> call.set(call(dispatcher, options, context -> {
            begun.countDown();
            new CountDownLatch(1).await();
            return "never";
        })));
        caller.start();
        Eventually.await(begun);
        assertEquals(2, dispatcher.stats().running());

        dispatcher.close();

        caller.join(AMPLE.toMillis());
        assertTrue(call.get().isCompletedExceptionally());
        assertEquals(0, dispatcher.stats().running());
    }

    @Test
    void aTaskThatItsCallerRunsIsOneOfTheDispatchersOwn() throws Exception {
        TaskOptions options = TaskOptions.DEFAULT.queueFull(QueueFull.RUN_IN_CALLER);
        try (Dispatcher dispatcher = builder().queueCapacity(0).build()) {
            CompletableFuture<Done> busy = busy(dispatcher);

            Object inner = get(call(
                    dispatcher,
                    options,
                    context -> failureOf(Rejected.class, call(dispatcher, again -> "x"))
                            .reason()));

            assertEquals(Rejected.Reason.NESTED, inner);
            busy.cancel(true);
        }
    }

    @Test
    void aProgramThatCanNotBeMadeFailsTheTaskOfItsCaller() throws Exception {
        AtomicInteger made = new AtomicInteger();
        TaskOptions options = TaskOptions.DEFAULT.queueFull(QueueFull.RUN_IN_CALLER);
        try (Dispatcher dispatcher = ThreadDispatcher.builder(() -> {
                    if (made.incrementAndGet() > 1) {
                        throw new IllegalStateException("no second one");
                    }
                    return ThreadTasks.PROGRAM;
                })
                .workers(1)
                .queueCapacity(0)
                .closeLimit(Duration.ZERO)
                .build()) {
            busy(dispatcher);

            StartFailed failed = failureOf(StartFailed.class, call(dispatcher, options, context -> "x"));

            assertTrue(failed.getMessage().contains("no second one"), failed::getMessage);
        }
    }

    @Test
    void recycledWorkersAreReplacedBeforeTheyGo() throws Exception {
        List<DispatcherEvent> events = Collections.synchronizedList(new ArrayList<>());
        try (Dispatcher dispatcher = builder().recycleAfterTasks(1).build()) {
            dispatcher.events(events::add);
            assertEquals(
                    "worker-1",
                    get(call(dispatcher, context -> Thread.currentThread().getName())));

            Eventually.await(
                    "worker is replaced",
                    () -> dispatcher.stats().restarts(RestartReason.TASKS) == 1
                            && dispatcher.workers().size() == 1);

            assertEquals(
                    "worker-2",
                    get(call(dispatcher, context -> Thread.currentThread().getName())));
        }
    }

    @Test
    void rangesAreChecked() {
        assertThrows(
                IllegalArgumentException.class, () -> builder().maxAbandoned(0).build());
        assertThrows(
                IllegalArgumentException.class,
                () -> builder().startLimit(Duration.ZERO).build());
        assertNotNull(builder());
    }
}
