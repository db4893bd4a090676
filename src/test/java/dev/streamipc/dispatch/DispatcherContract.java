package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
import dev.streamipc.message.Cancelled;
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
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What dispatchers of all kinds do alike. */
interface DispatcherContract {

    Duration AMPLE = Duration.ofSeconds(30);
    int WORKERS = 2;
    int QUEUE = 2;

    /** Returns the dispatcher that all tests here share: two workers, room for two tasks that wait, and a short grace. */
    Dispatcher shared();

    /** Returns a new one with one worker. */
    Dispatcher single();

    /** Sets what the contract relies on. */
    static <B extends DispatcherBuilder<B>> B sharedLike(B builder) {
        return builder.workers(WORKERS).queueCapacity(QUEUE).grace(Duration.ofMillis(300));
    }

    @AfterEach
    default void nothingIsLeftOpen() throws Exception {
        assertTrue(shared().awaitIdle(AMPLE));
        Eventually.await("all are idle", () -> shared().stats().workers(WorkerState.IDLE) == WORKERS);
    }

    /** Has all workers run something until it is cancelled. */
    private List<CompletableFuture<Echoed>> occupied() throws Exception {
        List<CompletableFuture<Echoed>> calls = new ArrayList<>();
        for (int count = 0; count < WORKERS; count++) {
            calls.add(shared().call(new Sleep(60_000, false)));
        }
        Eventually.await("all are busy", () -> shared().stats().running() == WORKERS);
        return calls;
    }

    private static void free(List<CompletableFuture<Echoed>> calls) {
        calls.forEach(call -> call.cancel(true));
    }

    private static <T extends Throwable> T failureOf(Class<T> type, CompletableFuture<?> call) throws Exception {
        ExecutionException failed = assertThrows(ExecutionException.class, () -> call.get(30, TimeUnit.SECONDS));
        return assertInstanceOf(type, failed.getCause());
    }

    private static <T> T get(Future<T> call) throws Exception {
        return call.get(30, TimeUnit.SECONDS);
    }

    @Test
    default void aTaskIsAnswered() throws Exception {
        assertEquals("hello", get(shared().call(new Echo("hello"))).text());
        CallOptions options = CallOptions.deadline(AMPLE);
        assertEquals("again", get(shared().call(new Echo("again"), options)).text());
    }

    @Test
    default void aFunctionIsCalledByItsName() throws Exception {
        assertEquals(5, get(shared().call("add", int.class, 2, 3)));
    }

    @Test
    default void aFunctionThatNobodyKnowsIsUnhandled() throws Exception {
        Rejected rejected = failureOf(Rejected.class, shared().call("no-such", int.class));

        assertEquals(Rejected.Reason.UNHANDLED, rejected.reason());
        assertTrue(rejected.getMessage().contains("no-such"), rejected::getMessage);
    }

    @Test
    default void argumentsThatDoNotFitFailTheCallAlone() throws Exception {
        RemoteFailure failure = failureOf(RemoteFailure.class, shared().call("add", int.class, "two", 3));

        assertTrue(failure.getMessage().contains("argument does not fit"), failure::getMessage);
    }

    @Test
    default void whatAHandlerThrowsComesAsTypeMessageAndStack() throws Exception {
        RemoteFailure failure = failureOf(RemoteFailure.class, shared().call(new Throw("broken")));

        assertEquals(IllegalStateException.class.getName(), failure.remoteType());
        assertEquals("broken", failure.remoteMessage());
        assertTrue(failure.remoteStack().contains("Workbench"), failure::remoteStack);
        assertEquals(Certainty.EXECUTED, failure.certainty());
    }

    @Test
    default void aWaitingTaskIsCancelledAndNeverBegun() throws Exception {
        List<CompletableFuture<Echoed>> busy = occupied();
        CompletableFuture<Echoed> waiting = shared().call(new Echo("x"));

        assertTrue(waiting.cancel(true));

        CancellationException failed = assertThrows(CancellationException.class, waiting::join);
        assertEquals(Phase.QUEUED, ((Cancelled) failed.getCause()).phase());
        free(busy);
    }

    @Test
    default void aRunningTaskIsCancelledAndItsWorkerGoesOn() throws Exception {
        List<WorkerSnapshot> before = shared().workers();
        List<CompletableFuture<Echoed>> busy = occupied();

        free(busy);

        CancellationException failed =
                assertThrows(CancellationException.class, () -> busy.get(0).join());
        assertNotEquals(Phase.QUEUED, ((Cancelled) failed.getCause()).phase());
        assertEquals("next", get(shared().call(new Echo("next"))).text());
        assertEquals(
                before.stream().map(WorkerSnapshot::name).toList(),
                shared().workers().stream().map(WorkerSnapshot::name).toList());
    }

    @Test
    default void aTaskThatFindsTheQueueFullIsRejected() throws Exception {
        List<CompletableFuture<Echoed>> busy = occupied();
        List<CompletableFuture<Echoed>> waiting = waiting();

        Rejected rejected = failureOf(Rejected.class, shared().call(new Echo("more")));

        assertEquals(Rejected.Reason.QUEUE_FULL, rejected.reason());
        free(busy);
        for (CompletableFuture<Echoed> call : waiting) {
            assertEquals("waits", get(call).text());
        }
    }

    private List<CompletableFuture<Echoed>> waiting() {
        List<CompletableFuture<Echoed>> calls = new ArrayList<>();
        for (int count = 0; count < QUEUE; count++) {
            calls.add(shared().call(new Echo("waits")));
        }
        assertEquals(QUEUE, shared().stats().queued());
        return calls;
    }

    @Test
    default void aCallerMayWaitForRoom() throws Exception {
        List<CompletableFuture<Echoed>> busy = occupied();
        waiting();
        TaskOptions options = TaskOptions.DEFAULT.queueFull(QueueFull.WAIT);
        AtomicReference<CompletableFuture<Echoed>> handed = new AtomicReference<>();
        Thread caller = new Thread(() -> handed.set(shared().call(new Echo("patient"), options)), "caller");
        caller.start();
        Eventually.awaitBlocked(caller);

        busy.get(0).cancel(true);

        caller.join(AMPLE.toMillis());
        assertEquals("patient", get(handed.get()).text());
        free(busy);
    }

    @Test
    default void aCallerWaitsForRoomNoLongerThanItsQueueLimit() throws Exception {
        List<CompletableFuture<Echoed>> busy = occupied();
        waiting();
        TaskOptions options = TaskOptions.DEFAULT.queueFull(QueueFull.WAIT).queueLimit(Duration.ofMillis(50));

        DeadlinePassed late = failureOf(DeadlinePassed.class, shared().call(new Echo("late"), options));

        assertEquals(Phase.QUEUED, late.phase());
        free(busy);
    }

    @Test
    default void aCallerRunsItsTaskWhereThatIsPossible() throws Exception {
        List<CompletableFuture<Echoed>> busy = occupied();
        waiting();
        String here =
                ProcessHandle.current().pid() + "/" + Thread.currentThread().getId();
        TaskOptions options = TaskOptions.DEFAULT.queueFull(QueueFull.RUN_IN_CALLER);
        CompletableFuture<String> call = shared().call("who", String.class, options);

        if (shared().capabilities().contains(Capability.RUN_IN_CALLER)) {
            assertTrue(call.isDone());
            assertEquals(here, get(call));
        } else {
            assertEquals(
                    Rejected.Reason.QUEUE_FULL, failureOf(Rejected.class, call).reason());
        }
        free(busy);
    }

    @Test
    default void queueLimitRunLimitAndDeadlineAreToldApart() throws Exception {
        Duration limit = Duration.ofMillis(120);
        DeadlinePassed run = failureOf(
                DeadlinePassed.class, shared().call(new Sleep(60_000, false), TaskOptions.DEFAULT.runLimit(limit)));
        List<CompletableFuture<Echoed>> busy = occupied();
        DeadlinePassed queue =
                failureOf(DeadlinePassed.class, shared().call(new Echo("x"), TaskOptions.DEFAULT.queueLimit(limit)));
        DeadlinePassed whole = failureOf(
                DeadlinePassed.class, shared().call(new Echo("x"), TaskOptions.deadline(limit.multipliedBy(2))));
        free(busy);

        assertNotEquals(Phase.QUEUED, run.phase());
        assertTrue(run.getMessage().contains("limitMs=120"), run::getMessage);
        assertEquals(Phase.QUEUED, queue.phase());
        assertTrue(queue.getMessage().contains("limitMs=120"), queue::getMessage);
        assertEquals(Phase.QUEUED, whole.phase());
        assertTrue(whole.getMessage().contains("limitMs=240"), whole::getMessage);
    }

    @Test
    default void aHigherPriorityGoesFirst() throws Exception {
        List<CompletableFuture<Echoed>> busy = occupied();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Void>> ended = new ArrayList<>();
        for (Priority priority : List.of(Priority.LOW, Priority.HIGH)) {
            TaskOptions options = TaskOptions.DEFAULT.priority(priority);
            ended.add(shared().call(new Echo(priority.name()), options).thenAccept(echo -> order.add(echo.text())));
        }

        busy.get(0).cancel(true);
        get(CompletableFuture.allOf(ended.toArray(CompletableFuture[]::new)));

        assertEquals(List.of("HIGH", "LOW"), order);
        free(busy);
    }

    @Test
    default void tasksOfOneKeyGoToOneWorker() throws Exception {
        TaskOptions keyed = TaskOptions.DEFAULT.key("k");
        String first = get(shared().call("who", String.class, keyed));
        CompletableFuture<Echoed> other = shared().call(new Sleep(60_000, false), keyed);

        CompletableFuture<String> second = shared().call("who", String.class, keyed);
        assertNotEquals(first, get(shared().call("who", String.class)));
        assertFalse(second.isDone());
        other.cancel(true);

        assertEquals(first, get(second));
    }

    @Test
    default void aHandlerSeesAttemptKeyAndTimeLeft() throws Exception {
        TaskOptions options = TaskOptions.DEFAULT.key("order-7").idempotent(3);

        assertEquals("1/order-7/true", get(shared().call("attempt", String.class, options)));
        assertEquals("1//true", get(shared().call("attempt", String.class)));
        String made = get(shared().call("attempt", String.class, TaskOptions.DEFAULT.idempotent(2)));
        assertTrue(made.length() > "1//true".length(), made);
    }

    @Test
    default void progressComesInOrderAndBeforeTheOutcome() throws Exception {
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        TaskOptions options = TaskOptions.DEFAULT.onProgress(
                Step.class, progress -> seen.add(progress.message().number()));

        get(shared().call(new Steps(20), options));

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
        try (Subscription broken = shared().events(event -> {
                    throw new IllegalStateException("an observer");
                });
                Subscription events = shared().events(seen::add)) {
            TaskOptions options = TaskOptions.DEFAULT.runLimit(Duration.ofMillis(50));
            failureOf(DeadlinePassed.class, shared().call(new Sleep(2_000, true), options));
            Eventually.await("worker stopped", () -> has(seen, DispatcherEvent.Stopped.class));
            Eventually.await("other one ready", () -> has(seen, DispatcherEvent.Ready.class));
        }
        boolean isKill = shared().capabilities().contains(Capability.KILL);
        assertEquals(isKill, has(seen, DispatcherEvent.Killed.class));
        assertEquals(!isKill, has(seen, DispatcherEvent.Abandoned.class));
        RestartReason reason = isKill ? RestartReason.KILLED : RestartReason.ABANDONED;
        assertEquals(1, shared().stats().restarts(reason));
    }

    private static boolean has(List<DispatcherEvent> events, Class<?> type) {
        return List.copyOf(events).stream().anyMatch(type::isInstance);
    }

    @Test
    default void statsCountWhatWasAcceptedAndHowItEnded() throws Exception {
        assertTrue(shared().awaitIdle(AMPLE));
        DispatcherStats before = shared().stats();

        get(shared().call(new Echo("x")));
        failureOf(RemoteFailure.class, shared().call(new Throw("x")));
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
        free(busy);
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

        assertEquals("stepped", get(call).text());
        failureOf(IllegalStateException.class, dependent);
    }

    @Test
    default void anExecutorRunsNamedTasks() throws Exception {
        ExecutorService executor = shared().asExecutor();

        assertEquals("x", get(executor.submit(RemoteTask.of(new Echo("x")))).text());
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

        assertEquals("inner", get(calls.get(0)).text());
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
        Rejected rejected = failureOf(Rejected.class, dispatcher.call(new Echo("late")));
        assertEquals(Rejected.Reason.DRAINING, rejected.reason());
        assertEquals(List.of(), dispatcher.workers());
    }

    @Test
    default void closeEndsWhatWaitsAndWhatRuns() throws Exception {
        Dispatcher dispatcher = single();
        CompletableFuture<Echoed> running = dispatcher.call(new Sleep(60_000, false));
        CompletableFuture<Echoed> waiting = dispatcher.call(new Echo("x"));

        dispatcher.close();

        assertEquals(Phase.QUEUED, failureOf(SessionClosed.class, waiting).phase());
        assertNotEquals(Phase.QUEUED, failureOf(SessionClosed.class, running).phase());
        assertEquals(List.of(), dispatcher.workers());
        dispatcher.close();
    }
}
