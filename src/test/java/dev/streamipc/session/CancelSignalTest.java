package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A cancel, its actions and its interrupt in every order with the return of the handler, which is this thread. */
class CancelSignalTest {

    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final HandClock clock = new HandClock();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<String> ran = new ArrayList<>();
    private CancelSignal made;

    @AfterEach
    void clearFlag() {
        Thread.interrupted();
    }

    /** Of the thread of the test, which is another than that which makes this object. */
    private CancelSignal signal() {
        if (made == null) {
            made = new CancelSignal(
                    tasks::add, clock, new CancelSignal.Facts(Thread.currentThread(), true, LIMIT.toNanos()));
        }
        return made;
    }

    private void runCallbacks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void interruptThatComesBeforeTheReturnIsClearedByIt() {
        signal().interruptHandler();
        signal().cancel("a");
        assertFalse(Thread.currentThread().isInterrupted(), "whoever cancels does not interrupt");
        runCallbacks();
        assertTrue(Thread.currentThread().isInterrupted());

        signal().handlerReturned();

        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void interruptThatIsLateForTheHandlerDoesNotCome() {
        signal().interruptHandler();
        signal().cancel("a");
        signal().handlerReturned();
        runCallbacks();

        assertFalse(Thread.currentThread().isInterrupted());
        signal().interruptHandler();
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void interruptComesAtOnceForWhatIsCancelledAndOnlyOnce() {
        signal().cancel("a");
        signal().interruptHandler();
        assertTrue(Thread.interrupted());

        signal().interruptHandler();
        signal().onCancel(() -> ran.add("1"));
        runCallbacks();

        assertFalse(Thread.interrupted());
        assertEquals(List.of("1"), ran);
    }

    @Test
    void flagThatTheHandlerSetItselfIsLeftAlone() {
        signal().interruptHandler();
        Thread.currentThread().interrupt();
        signal().handlerReturned();

        assertTrue(Thread.interrupted());
    }

    @Test
    void actionThatIsLateForTheHandlerDoesNotRun() {
        signal().onCancel(() -> ran.add("1"));
        signal().cancel("a");
        signal().handlerReturned();
        signal().onCancel(() -> ran.add("2"));
        runCallbacks();

        assertEquals(List.of(), ran);
    }

    @Test
    void firstReasonStays() {
        signal().cancel("a");
        signal().cancel("b");
        clock.advance(LIMIT.multipliedBy(2));

        assertEquals(Optional.of("a"), signal().reason());
        assertFalse(signal().isByDeadline());
    }

    @Test
    void deadlineBehindTheReturnCancelsNothing() {
        signal().watch();
        signal().handlerReturned();
        clock.advance(LIMIT.multipliedBy(2));

        assertFalse(signal().isCancelled());
        assertEquals(Optional.empty(), signal().reason());
    }

    @Test
    void deadlineIsSeenByWhoLooksThoughNoTimerRuns() {
        clock.advance(LIMIT.plusNanos(CancelSignal.CUT_OFF_NANOS));

        assertTrue(signal().isCancelled());
        assertTrue(signal().isByDeadline());
    }

    @Test
    void executorThatTakesNothingLeavesTheSignalToWhoLooks() {
        CancelSignal alone = new CancelSignal(
                task -> {
                    throw new RejectedExecutionException("shut down");
                },
                clock,
                new CancelSignal.Facts(Thread.currentThread(), false, 0));
        alone.onCancel(() -> ran.add("1"));

        alone.cancel("a");
        alone.onCancel(() -> ran.add("2"));

        assertTrue(alone.isCancelled());
        assertEquals(List.of(), ran);
    }
}
