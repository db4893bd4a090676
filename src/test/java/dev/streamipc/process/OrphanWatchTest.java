package dev.streamipc.process;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class OrphanWatchTest {

    private final AtomicBoolean parentGone = new AtomicBoolean();
    private final CountDownLatch halted = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void endOfInputCallsTheOwnerAndHalts() throws Exception {
        OrphanWatch watch = start(Duration.ofMillis(20), calls::incrementAndGet);

        watch.inputEnded();

        assertTrue(halted.await(10, SECONDS));
        assertEquals(1, calls.get());
    }

    @Test
    void deathOfTheParentHaltsEvenAfterDisarm() throws Exception {
        OrphanWatch watch = start(Duration.ZERO, calls::incrementAndGet);

        watch.disarm();
        parentGone.set(true);

        assertTrue(halted.await(10, SECONDS));
    }

    @Test
    void ownerThatNeverReturnsDoesNotHoldTheHalt() throws Exception {
        OrphanWatch watch = start(Duration.ZERO, () -> {
            while (true) {
                Thread.onSpinWait();
            }
        });

        watch.inputEnded();

        assertTrue(halted.await(10, SECONDS));
    }

    @Test
    void ownerThatThrowsDoesNotHoldTheHalt() throws Exception {
        OrphanWatch watch = start(Duration.ofMillis(20), () -> {
            throw new IllegalStateException("planned");
        });

        watch.inputEnded();

        assertTrue(halted.await(10, SECONDS));
    }

    @Test
    void fullHeapDuringALookDoesNotEndTheWatch() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        OrphanWatch.start(
                Duration.ZERO,
                calls::incrementAndGet,
                () -> {
                    if (looks.incrementAndGet() == 1) {
                        throw new OutOfMemoryError("planned");
                    }
                    return true;
                },
                halted::countDown);

        assertTrue(halted.await(10, SECONDS));
    }

    @Test
    void interruptDoesNotMakeTheWatchSpin() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        BooleanSupplier interrupting = () -> {
            stillInterrupted.set(Thread.currentThread().isInterrupted());
            Thread.currentThread().interrupt();
            return looks.incrementAndGet() == 2;
        };

        OrphanWatch.start(Duration.ZERO, calls::incrementAndGet, interrupting, halted::countDown);

        assertTrue(halted.await(10, SECONDS));
        assertFalse(stillInterrupted.get());
    }

    @Test
    void refusesANegativeGrace() {
        Exception failure =
                assertThrows(IllegalArgumentException.class, () -> OrphanWatch.start(Duration.ofSeconds(-1), () -> {}));

        assertEquals("grace is negative: grace=PT-1S", failure.getMessage());
    }

    @Test
    void parentThatLivesIsNotGone() {
        assertFalse(new ParentLook().getAsBoolean());
    }

    private OrphanWatch start(Duration grace, Runnable onOrphaned) {
        return OrphanWatch.start(grace, onOrphaned, parentGone::get, halted::countDown);
    }
}
