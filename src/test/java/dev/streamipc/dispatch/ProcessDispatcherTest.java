package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.channel.Eventually;
import dev.streamipc.dispatch.Workbench.Echo;
import dev.streamipc.dispatch.Workbench.Echoed;
import dev.streamipc.dispatch.Workbench.Halt;
import dev.streamipc.dispatch.Workbench.Sleep;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.StartFailed;
import dev.streamipc.process.Child;
import dev.streamipc.session.CallOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pools of real processes. */
@Timeout(90)
class ProcessDispatcherTest {

    private static final List<DispatcherEvent> EVENTS = new ArrayList<>();
    private static Dispatcher pool;

    @BeforeAll
    static void start() {
        pool = builder().workers(2).build();
        pool.events(event -> {
            synchronized (EVENTS) {
                EVENTS.add(event);
            }
        });
    }

    @AfterAll
    static void stop() {
        List<ProcessHandle> processes = processesOf(pool);
        pool.close();
        assertTrue(processes.stream().noneMatch(ProcessHandle::isAlive));
    }

    private static ProcessDispatcher.Builder builder() {
        return ProcessDispatcher.builder(Workbench.class)
                .messages(Workbench.TYPES)
                .grace(Duration.ofMillis(200));
    }

    private static List<ProcessHandle> processesOf(Dispatcher dispatcher) {
        return dispatcher.workers().stream()
                .flatMap(worker -> worker.pid().stream().boxed())
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .collect(Collectors.toList());
    }

    private static Throwable failure(CompletableFuture<?> call) {
        return assertThrows(CompletionException.class, call::join).getCause();
    }

    @Test
    void callsByTypeAndByNameAreAnswered() {
        assertEquals("hi", pool.call(new Echo("hi")).join().text());
        assertEquals(5, pool.call("add", Integer.class, 2, 3).join());
    }

    @Test
    void aTaskThatAsksForItIsToldThatItHadBegunWhenItsWorkerEnds() {
        TaskOptions telling = TaskOptions.of(CallOptions.DEFAULT.tellingStarted());

        assertEquals(
                Certainty.EXECUTED,
                assertInstanceOf(ChildDied.class, failure(pool.call(new Halt(8), telling)))
                        .certainty());
    }

    @Test
    void aCrashFailsItsCallAndTheNextIsAnswered() throws Exception {
        ChildDied died = assertInstanceOf(ChildDied.class, failure(pool.call(new Halt(7))));

        assertEquals(7, died.report().exitCode().getAsInt());
        assertEquals("on", pool.call(new Echo("on")).join().text());
        Eventually.await("two are idle again", () -> pool.stats().workers(WorkerState.IDLE) == 2);
        assertTrue(pool.stats().restarts(RestartReason.DIED) >= 1);
    }

    @Test
    void aStubbornTaskEndsInTimeAndItsWorkerIsReplaced() throws Exception {
        long before = pool.stats().restarts(RestartReason.KILLED);
        CompletableFuture<Echoed> late =
                pool.call(new Sleep(60_000, true), TaskOptions.DEFAULT.runLimit(Duration.ofMillis(100)));

        assertInstanceOf(DeadlinePassed.class, failure(late));

        Eventually.await("killed", () -> pool.stats().restarts(RestartReason.KILLED) > before);
        Eventually.await("two are idle again", () -> pool.stats().workers(WorkerState.IDLE) == 2);
    }

    @Test
    void aTaskThatHearsItsCancelCostsNoWorker() throws Exception {
        try (Dispatcher patient =
                builder().workers(1).grace(Duration.ofSeconds(20)).build()) {
            CompletableFuture<Echoed> late =
                    patient.call(new Sleep(60_000, false), TaskOptions.DEFAULT.runLimit(Duration.ofMillis(100)));

            assertInstanceOf(DeadlinePassed.class, failure(late));

            Eventually.await("it is idle again", () -> patient.stats().workers(WorkerState.IDLE) == 1);
            assertEquals(0, patient.stats().restarts(RestartReason.KILLED));
        }
    }

    @Test
    void deepWorkersLoseOnlyWhatHadBegun() {
        try (Dispatcher deep = builder().workers(1).prefetch(8).build()) {
            CompletableFuture<Echoed> deadly = deep.call(new Halt(1));
            List<CompletableFuture<Echoed>> others = new ArrayList<>();
            for (int count = 0; count < 7; count++) {
                others.add(deep.call(new Echo("x")));
            }

            assertInstanceOf(ChildDied.class, failure(deadly));
            others.forEach(CompletableFuture::join);
        }
    }

    @Test
    void aWorkerIsRecycledAfterItsTasksWithoutALostCall() throws Exception {
        ConcurrentLinkedQueue<DispatcherEvent> events = new ConcurrentLinkedQueue<>();
        try (Dispatcher small = builder().workers(1).recycleAfterTasks(5).build()) {
            small.events(events::add);
            long first = small.call(new Echo("x")).join().pid();
            Eventually.await("recycled", () -> {
                small.call(new Echo("x")).join();
                return events.stream().anyMatch(DispatcherEvent.Recycled.class::isInstance);
            });

            Eventually.await("stopped", () -> events.stream().anyMatch(DispatcherEvent.Stopped.class::isInstance));
            assertNotEquals(first, small.call(new Echo("x")).join().pid());
            assertEquals(1, small.workers().size());
        }
    }

    @Test
    void aProgramThatCantStartFailsTheBuildWithItsLastWords() {
        StartFailed failed = assertThrows(
                StartFailed.class,
                () -> ProcessDispatcher.builder(Child.command("sh", "-c", "echo no luck >&2; exit 9"))
                        .workers(1)
                        .restarts(1, Duration.ofSeconds(10))
                        .build());

        assertEquals(9, failed.report().orElseThrow().exitCode().getAsInt());
        assertTrue(failed.getMessage().contains("no luck"), failed.getMessage());
    }

    @Test
    void aProgramThatIsNotThereFailsAtOnce() {
        assertThrows(
                StartFailed.class,
                () -> ProcessDispatcher.builder(Child.command("/no/such/program"))
                        .workers(3)
                        .build());
    }

    @Test
    void drainSettlesAllThatWasAccepted() {
        Dispatcher draining = builder().workers(1).build();
        List<CompletableFuture<Echoed>> calls = new ArrayList<>();
        for (int count = 0; count < 20; count++) {
            calls.add(draining.call(new Sleep(5, false)));
        }

        assertTrue(draining.drain(Duration.ofSeconds(60)));

        calls.forEach(CompletableFuture::join);
        assertInstanceOf(Rejected.class, failure(draining.call(new Echo("late"))));
    }

    @Test
    void workersAreStartedAsTheBuilderChangesTheirChild() {
        StartFailed failed = assertThrows(
                StartFailed.class,
                () -> builder()
                        .workers(1)
                        .restarts(0, Duration.ofSeconds(10))
                        .child(java -> java.jvmOptions("-XX:+NoSuchOption"))
                        .build());

        assertTrue(failed.getMessage().contains("NoSuchOption"), failed::getMessage);
    }
}
