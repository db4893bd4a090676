package dev.streamipc.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.streamipc.channel.Eventually;
import dev.streamipc.message.StartFailed;
import dev.streamipc.process.Child;
import dev.streamipc.supervise.Backoff;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long it takes until a start is known to have failed. */
@Timeout(60)
class OpeningTest {

    private static final Backoff LONG =
            new Backoff(Duration.ofSeconds(10), Duration.ofSeconds(10), 0, Duration.ofSeconds(60));

    @Test
    void aWorkerThatNeverComesUpFailsTheBuildAfterItsRestartsWithoutTheirBackoff() {
        Queue<DispatcherEvent> seen = new ConcurrentLinkedQueue<>();

        assertTimeoutPreemptively(
                Duration.ofSeconds(9),
                () -> assertThrows(
                        StartFailed.class,
                        () -> ProcessDispatcher.builder(Child.command("false"))
                                .workers(1)
                                .restarts(3, Duration.ofSeconds(10))
                                .backoff(LONG)
                                .events(seen::add)
                                .build()));

        assertEquals(
                4, seen.stream().filter(DispatcherEvent.Died.class::isInstance).count());
    }

    @Test
    void aWorkerThatComesUpAtItsSecondStartOpensThePoolWithoutItsBackoff(@TempDir Path folder) {
        Path mark = folder.resolve("started");
        WorkerProgram second = worker -> {
            if (!Files.exists(mark)) {
                Files.createFile(mark);
                throw new dev.streamipc.message.Rejected(dev.streamipc.message.Rejected.Reason.DRAINING, "planted");
            }
            ThreadTasks.PROGRAM.setUp(worker);
        };

        assertTimeoutPreemptively(
                Duration.ofSeconds(9),
                () -> ThreadDispatcher.builder(second)
                        .workers(1)
                        .backoff(LONG)
                        .build()
                        .close());
    }

    @Test
    void aWorkerThatDiesOnceThePoolIsOpenHasItsBackoff() throws Exception {
        try (Dispatcher pool = ProcessDispatcher.builder(Workbench.class)
                .messages(Workbench.TYPES)
                .workers(1)
                .backoff(LONG)
                .build()) {
            pool.call(new Workbench.Halt(3));
            Eventually.await("gone", () -> pool.stats().restarts(RestartReason.DIED) == 1);

            assertEquals(1, pool.workers().get(0).starts());
            assertEquals(WorkerState.STARTING, pool.workers().get(0).state());
        }
    }
}
