package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.dispatch.DispatcherStats.Outcome;
import dev.streamipc.dispatch.Workbench.Echo;
import dev.streamipc.dispatch.Workbench.Echoed;
import dev.streamipc.dispatch.Workbench.Sleep;
import dev.streamipc.dispatch.Workbench.Step;
import dev.streamipc.dispatch.Workbench.Steps;
import dev.streamipc.dispatch.Workbench.Throw;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.Message;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.RemoteFailure;
import dev.streamipc.message.Request;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What dispatchers of all kinds do alike. */
interface DispatcherContract extends QueueContract {

    @Test
    default void aTaskIsAnswered() throws Exception {
        assertEquals(
                "hello", DispatcherBench.get(shared().call(new Echo("hello"))).text());
        CallOptions options = CallOptions.deadline(AMPLE);
        assertEquals(
                "again",
                DispatcherBench.get(shared().call(new Echo("again"), options)).text());
    }

    @Test
    default void aFunctionIsCalledByItsName() throws Exception {
        assertEquals(5, DispatcherBench.get(shared().call("add", int.class, 2, 3)));
    }

    @Test
    default void aFunctionThatNobodyKnowsIsUnhandled() throws Exception {
        Rejected rejected = DispatcherBench.failureOf(Rejected.class, shared().call("no-such", int.class));

        assertEquals(Rejected.Reason.UNHANDLED, rejected.reason());
        assertTrue(rejected.getMessage().contains("no-such"), rejected::getMessage);
    }

    @Test
    default void argumentsThatDoNotFitFailTheCallAlone() throws Exception {
        RemoteFailure failure =
                DispatcherBench.failureOf(RemoteFailure.class, shared().call("add", int.class, "two", 3));

        assertTrue(failure.getMessage().contains("argument does not fit"), failure::getMessage);
    }

    @Test
    default void whatAHandlerThrowsComesAsTypeMessageAndStack() throws Exception {
        RemoteFailure failure = DispatcherBench.failureOf(RemoteFailure.class, shared().call(new Throw("broken")));

        assertEquals(IllegalStateException.class.getName(), failure.remoteType());
        assertEquals("broken", failure.remoteMessage());
        assertTrue(failure.remoteStack().contains("Workbench"), failure::remoteStack);
        assertEquals(Certainty.EXECUTED, failure.certainty());
    }

    @Test
    default void aHandlerSeesAttemptKeyAndTimeLeft() throws Exception {
        TaskOptions options = TaskOptions.DEFAULT.key("order-7").idempotent(3);

        assertEquals("1/order-7/true", DispatcherBench.get(shared().call("attempt", String.class, options)));
        assertEquals("1//true", DispatcherBench.get(shared().call("attempt", String.class)));
        String made = DispatcherBench.get(shared().call("attempt", String.class, TaskOptions.DEFAULT.idempotent(2)));
        assertTrue(made.length() > "1//true".length(), made);
    }

    @Test
    default void progressComesInOrderAndBeforeTheOutcome() throws Exception {
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        TaskOptions options = TaskOptions.DEFAULT.onProgress(
                Step.class, progress -> seen.add(progress.message().number()));

        DispatcherBench.get(shared().call(new Steps(20), options));

        assertEquals(IntStream.rangeClosed(1, 20).boxed().toList(), List.copyOf(seen));
    }

    @Test
    default void progressEndsWithACancel() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<CompletableFuture<Echoed>> call = new AtomicReference<>();
        List<Boolean> afterOutcome = Collections.synchronizedList(new ArrayList<>());
        TaskOptions options = TaskOptions.DEFAULT.onProgress(Step.class, progress -> {
            begun.countDown();
            if (call.get() != null && call.get().isDone()) {
                afterOutcome.add(true);
            }
        });
        call.set(shared().call(new Steps(200_000), options));
        Eventually.await(begun);

        call.get().cancel(true);

        int atMostOneThatHadBegun = 1;
        assertTrue(shared().awaitIdle(AMPLE));
        Eventually.await("worker is free", () -> shared().stats().workers(WorkerState.IDLE) == WORKERS);
        assertTrue(afterOutcome.size() <= atMostOneThatHadBegun, afterOutcome::toString);
    }

    @Test
    default void whatStubbornTasksCostIsToldAndTheWorkerReplaced() throws Exception {
        List<DispatcherEvent> seen = Collections.synchronizedList(new ArrayList<>());
        boolean isKill = shared().capabilities().contains(Capability.KILL);
        RestartReason reason = isKill ? RestartReason.KILLED : RestartReason.ABANDONED;
        long before = shared().stats().restarts(reason);
        Subscription broken = shared().events(event -> {
            throw new IllegalStateException("an observer");
        });
        Subscription events = shared().events(seen::add);
        TaskOptions options = TaskOptions.DEFAULT.runLimit(Duration.ofMillis(400));
        DispatcherBench.failureOf(DeadlinePassed.class, shared().call(new Sleep(10_000, true), options));
        Eventually.await("worker stopped", () -> has(seen, DispatcherEvent.Stopped.class));
        Eventually.await("other one ready", () -> has(seen, DispatcherEvent.Ready.class));
        broken.close();
        events.close();
        assertEquals(isKill, has(seen, DispatcherEvent.Killed.class));
        assertEquals(!isKill, has(seen, DispatcherEvent.Abandoned.class));
        assertTrue(shared().stats().restarts(reason) > before);
    }

    private static boolean has(List<DispatcherEvent> events, Class<?> type) {
        return List.copyOf(events).stream().anyMatch(type::isInstance);
    }

    @Test
    default void statsCountWhatWasAcceptedAndHowItEnded() throws Exception {
        assertTrue(shared().awaitIdle(AMPLE));
        DispatcherStats before = shared().stats();

        DispatcherBench.get(shared().call(new Echo("x")));
        DispatcherBench.failureOf(RemoteFailure.class, shared().call(new Throw("x")));
        CompletableFuture<Echoed> cancelled = shared().call(new Sleep(60_000, false));
        cancelled.cancel(true);

        assertTrue(shared().awaitIdle(AMPLE));
        DispatcherStats after = shared().stats();
        assertEquals(3, after.accepted() - before.accepted());
        assertEquals(1, after.settled(Outcome.OK) - before.settled(Outcome.OK));
        assertEquals(1, after.settled(Outcome.FAILED) - before.settled(Outcome.FAILED));
        assertEquals(1, after.settled(Outcome.CANCELLED) - before.settled(Outcome.CANCELLED));
        assertEquals(0, after.running());
    }

    @Test
    default void idleIsAwaitedNoLongerThanWanted() throws Exception {
        List<CompletableFuture<Echoed>> busy = occupied();

        assertFalse(shared().awaitIdle(Duration.ofMillis(1)));
        assertEquals(Optional.of("Sleep"), shared().workers().get(0).task());
        DispatcherBench.free(busy);
        assertTrue(shared().awaitIdle(AMPLE));
    }

    @Test
    default void callbacksThatThrowHarmNobody() throws Exception {
        TaskOptions options = TaskOptions.DEFAULT.onProgress(Step.class, progress -> {
            throw new IllegalStateException("a callback");
        });
        CompletableFuture<Echoed> call = shared().call(new Steps(3), options);
        CompletableFuture<Object> dependent = call.thenApply(echo -> {
            throw new IllegalStateException("a dependent");
        });

        assertEquals("stepped", DispatcherBench.get(call).text());
        DispatcherBench.failureOf(IllegalStateException.class, dependent);
    }

    @Test
    default void anExecutorRunsNamedTasks() throws Exception {
        ExecutorService executor = shared().asExecutor();

        assertEquals(
                "x",
                DispatcherBench.get(executor.submit(RemoteTask.of(new Echo("x"))))
                        .text());
        executor.execute(RemoteTask.of(new Echo("unasked")).asRunnable());
        List<Future<Integer>> all = executor.invokeAll(List.of(add(1, 2), add(3, 4)));
        assertEquals(3, all.get(0).get());
        assertEquals(7, all.get(1).get());
        assertEquals(9, executor.invokeAny(List.of(add(4, 5))));
    }

    private static Callable<Integer> add(int left, int right) {
        return RemoteTask.of("add", int.class, left, right);
    }

    @Test
    default void anExecutorRefusesCode() {
        ExecutorService executor = shared().asExecutor();

        assertThrows(RejectedExecutionException.class, () -> executor.submit(() -> 1));
        assertThrows(RejectedExecutionException.class, () -> executor.execute(() -> {}));
        executor.shutdown();
        assertThrows(RejectedExecutionException.class, () -> executor.submit(add(1, 2)));
        assertTrue(executor.isTerminated());
    }

    @Test
    default void aTaskOfATaskHasAWorkerOfItsOwn() throws Exception {
        List<CompletableFuture<Echoed>> calls = new ArrayList<>();
        CompletableFuture<Echoed> other = shared().call(new Sleep(60_000, false));
        calls.add(shared().call(nested("inner")));

        assertEquals("inner", DispatcherBench.get(calls.get(0)).text());
        other.cancel(true);
        Eventually.await("overflow is gone", () -> shared().workers().size() == WORKERS);
    }

    private static Request<Echoed> nested(String text) {
        return new Workbench.Nest(text);
    }

    @Test
    default void drainSettlesWhatWasAcceptedAndTakesNoMore() throws Exception {
        Dispatcher dispatcher = single();
        List<CompletableFuture<? extends Message>> calls = new ArrayList<>();
        for (int count = 0; count < 5; count++) {
            calls.add(dispatcher.call(new Echo("x")));
        }

        assertTrue(dispatcher.drain(AMPLE));

        assertTrue(calls.stream().allMatch(call -> call.isDone() && !call.isCompletedExceptionally()));
        Rejected rejected = DispatcherBench.failureOf(Rejected.class, dispatcher.call(new Echo("late")));
        assertEquals(Rejected.Reason.DRAINING, rejected.reason());
        assertEquals(List.of(), dispatcher.workers());
    }

    @Test
    default void closeEndsWhatWaitsAndWhatRuns() throws Exception {
        Dispatcher dispatcher = single();
        CompletableFuture<Echoed> running = dispatcher.call(new Sleep(60_000, false));
        CompletableFuture<Echoed> waiting = dispatcher.call(new Echo("x"));

        dispatcher.close();

        assertEquals(
                Phase.QUEUED,
                DispatcherBench.failureOf(SessionClosed.class, waiting).phase());
        DispatcherBench.failureOf(SessionClosed.class, running);
        assertEquals(List.of(), dispatcher.workers());
        dispatcher.close();
    }
}
