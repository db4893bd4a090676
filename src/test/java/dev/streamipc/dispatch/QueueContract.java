package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.dispatch.Workbench.Echo;
import dev.streamipc.dispatch.Workbench.Echoed;
import dev.streamipc.dispatch.Workbench.Sleep;
import dev.streamipc.message.Cancelled;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How tasks wait, in what order they run, and how their wait ends; for dispatchers of all kinds. */
interface QueueContract extends DispatcherBench {

    @Test
    default void aWaitingTaskIsCancelledAndNeverBegun() throws Exception {
        List<CompletableFuture<Echoed>> busy = occupied();
        CompletableFuture<Echoed> waiting = shared().call(new Echo("x"));

        assertTrue(waiting.cancel(true));

        CancellationException failed = assertThrows(CancellationException.class, waiting::join);
        assertEquals(Phase.QUEUED, ((Cancelled) failed.getCause()).phase());
        DispatcherBench.free(busy);
    }

    @Test
    default void aRunningTaskIsCancelledAndItsWorkerGoesOn() throws Exception {
        List<WorkerSnapshot> before = shared().workers();
        List<CompletableFuture<Echoed>> busy = occupied();

        DispatcherBench.free(busy);

        CancellationException failed =
                assertThrows(CancellationException.class, () -> busy.get(0).join());
        assertInstanceOf(Cancelled.class, failed.getCause());
        assertEquals(
                "next", DispatcherBench.get(shared().call(new Echo("next"))).text());
        assertEquals(
                before.stream().map(WorkerSnapshot::name).toList(),
                shared().workers().stream().map(WorkerSnapshot::name).toList());
    }

    @Test
    default void aTaskThatFindsTheQueueFullIsRejected() throws Exception {
        List<CompletableFuture<Echoed>> busy = occupied();
        List<CompletableFuture<Echoed>> waiting = waiting();

        Rejected rejected = DispatcherBench.failureOf(Rejected.class, shared().call(new Echo("more")));

        assertEquals(Rejected.Reason.QUEUE_FULL, rejected.reason());
        DispatcherBench.free(busy);
        for (CompletableFuture<Echoed> call : waiting) {
            assertEquals("waits", DispatcherBench.get(call).text());
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
        assertEquals("patient", DispatcherBench.get(handed.get()).text());
        DispatcherBench.free(busy);
    }

    @Test
    default void aCallerWaitsForRoomNoLongerThanItsQueueLimit() throws Exception {
        List<CompletableFuture<Echoed>> busy = occupied();
        waiting();
        TaskOptions options = TaskOptions.DEFAULT.queueFull(QueueFull.WAIT).queueLimit(Duration.ofMillis(50));

        DeadlinePassed late = DispatcherBench.failureOf(DeadlinePassed.class, shared().call(new Echo("late"), options));

        assertEquals(Phase.QUEUED, late.phase());
        DispatcherBench.free(busy);
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
            assertEquals(here, DispatcherBench.get(call));
        } else {
            assertEquals(
                    Rejected.Reason.QUEUE_FULL,
                    DispatcherBench.failureOf(Rejected.class, call).reason());
        }
        DispatcherBench.free(busy);
    }

    @Test
    default void queueLimitRunLimitAndDeadlineAreToldApart() throws Exception {
        Duration limit = Duration.ofMillis(400);
        DeadlinePassed run = DispatcherBench.failureOf(
                DeadlinePassed.class, shared().call(new Sleep(60_000, false), TaskOptions.DEFAULT.runLimit(limit)));
        List<CompletableFuture<Echoed>> busy = occupied();
        DeadlinePassed queue = DispatcherBench.failureOf(
                DeadlinePassed.class, shared().call(new Echo("x"), TaskOptions.DEFAULT.queueLimit(limit)));
        DeadlinePassed whole = DispatcherBench.failureOf(
                DeadlinePassed.class, shared().call(new Echo("x"), TaskOptions.deadline(limit.multipliedBy(2))));
        DispatcherBench.free(busy);

        assertNotEquals(Phase.QUEUED, run.phase());
        assertTrue(run.getMessage().contains("limitMs=400"), run::getMessage);
        assertEquals(Phase.QUEUED, queue.phase());
        assertTrue(queue.getMessage().contains("limitMs=400"), queue::getMessage);
        assertEquals(Phase.QUEUED, whole.phase());
        assertTrue(whole.getMessage().contains("limitMs=800"), whole::getMessage);
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
        DispatcherBench.get(CompletableFuture.allOf(ended.toArray(CompletableFuture[]::new)));

        assertEquals(List.of("HIGH", "LOW"), order);
        DispatcherBench.free(busy);
    }

    @Test
    default void tasksOfOneKeyGoToOneWorker() throws Exception {
        TaskOptions keyed = TaskOptions.DEFAULT.key("k");
        String first = DispatcherBench.get(shared().call("who", String.class, keyed));
        CompletableFuture<Echoed> other = shared().call(new Sleep(60_000, false), keyed);

        CompletableFuture<String> second = shared().call("who", String.class, keyed);
        assertNotEquals(first, DispatcherBench.get(shared().call("who", String.class)));
        assertFalse(second.isDone());
        other.cancel(true);

        assertEquals(first, DispatcherBench.get(second));
    }
}
