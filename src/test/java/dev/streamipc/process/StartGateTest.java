package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.StartFailed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class StartGateTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void onePlaceTooManyWaitsUntilOneIsGivenBack() throws Exception {
        StartGate gate = new StartGate(2, LONG, LONG);
        StartGate.Place first = gate.enter(List.of());
        gate.enter(List.of());
        Thread waiting = new Thread(() -> gate.enter(List.of()));
        waiting.start();
        Children.await("the third waits", () -> waiting.getState() == Thread.State.TIMED_WAITING);

        first.leave();
        first.leave();

        waiting.join(5_000);
        assertFalse(waiting.isAlive());
    }

    @Test
    void placeThatNobodyGivesBackIsTakenBack() {
        StartGate gate = new StartGate(1, Duration.ofMillis(30), LONG);
        gate.enter(List.of());
        long since = System.nanoTime();

        gate.enter(List.of()).leave();

        assertTrue(Children.millisSince(since) >= 25);
    }

    @Test
    void waitEnds() {
        StartGate gate = new StartGate(1, LONG, Duration.ofMillis(30));
        gate.enter(List.of());

        StartFailed failed = assertThrows(StartFailed.class, () -> gate.enter(List.of("cat")));

        assertEquals(
                "start failed: too many starts at a time, atOnce=1, waitedMs=30, command=[cat]", failed.getMessage());
    }

    @Test
    void interruptEndsTheWaitAndStaysSet() throws Exception {
        StartGate gate = new StartGate(1, LONG, LONG);
        gate.enter(List.of());
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            assertThrows(StartFailed.class, () -> gate.enter(List.of()));
            flag.complete(Thread.currentThread().isInterrupted());
        });
        waiting.start();

        waiting.interrupt();

        assertTrue(flag.get(5, TimeUnit.SECONDS));
    }

    @Test
    void childGivesItsPlaceBackWhenItIsReadyAndWhenItEnds() throws Exception {
        int more = Runtime.getRuntime().availableProcessors() + 1;
        for (int i = 0; i < more; i++) {
            ChildProcess ended = ChildProcess.start(Child.command("true"));
            ended.exited().get(5, TimeUnit.SECONDS);
            ended.stop(Duration.ZERO);
        }
        long since = System.nanoTime();
        ChildProcess[] ready = new ChildProcess[more];
        for (int i = 0; i < more; i++) {
            ready[i] = ChildProcess.start(Child.command("cat"));
            ready[i].ready();
        }

        assertTrue(Children.millisSince(since) < 3_000, "no start waits for a place to expire");
        for (ChildProcess child : ready) {
            child.stop(Duration.ZERO);
        }
    }
}
