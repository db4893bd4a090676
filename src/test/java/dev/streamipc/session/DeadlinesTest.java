package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.callback.Callbacks;
import dev.streamipc.clock.Scheduler;
import dev.streamipc.session.Samples.Answer;
import dev.streamipc.session.Samples.Ask;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** In virtual time. */
class DeadlinesTest {

    private static final long MILLI_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final SimWorld world = new SimWorld(1, false);
    private final PendingCalls calls = new PendingCalls(10_000);
    private final Deadlines deadlines = new Deadlines(new WorldTime(world), calls, this::expire);
    private long expiredNanos = -1;
    private boolean failing;

    private record WorldTime(SimWorld world) implements Scheduler {
        @Override
        public long nanoTime() {
            return world.nowNanos();
        }

        @Override
        public Due schedule(Runnable task, long delayNanos) {
            return world.later(null, delayNanos, "timer", () -> guarded(task));
        }

        /** Like the timer of the JVM. */
        private static void guarded(Runnable task) {
            try {
                task.run();
            } catch (IllegalStateException failure) {
                assertEquals("as planned", failure.getMessage());
            }
        }
    }

    private void expire() {
        boolean fails = failing;
        failing = false;
        expireAll();
        if (fails) {
            throw new IllegalStateException("as planned");
        }
    }

    private void expireAll() {
        for (PendingCall<?> call : calls.all(each -> each.deadlineNanos - world.nowNanos() <= 0)) {
            calls.remove(call);
            if (call.id == 0) {
                expiredNanos = world.nowNanos();
            }
        }
    }

    private void call(long id, long deadlineNanos) {
        PendingCall<Answer> call = new PendingCall<>(
                new Callbacks(Runnable::run, Scheduler.ofThisJvm(), Runnable::run),
                new PendingCall.Facts(id, Ask.class, deadlineNanos, Duration.ZERO, null, null, null),
                each -> {});
        assertNull(calls.register(call));
        deadlines.consider(deadlineNanos);
    }

    @Test
    void callEndsAtItsDeadlineAndNeverEarlier() {
        call(0, 40 * MILLI_NANOS);
        world.run(100 * MILLI_NANOS, () -> false);

        assertEquals(40 * MILLI_NANOS, expiredNanos);
    }

    @Test
    void manyShortDeadlinesDontPutALongOneOff() {
        call(0, 10 * MILLI_NANOS);
        for (int i = 1; i < 100; i++) {
            world.run(9 * MILLI_NANOS + i * MILLI_NANOS / 2, () -> false);
            call(i, world.nowNanos() + MILLI_NANOS / 10);
        }

        assertTrue(expiredNanos >= 10 * MILLI_NANOS, "early: expiredNanos=" + expiredNanos);
        assertTrue(expiredNanos <= 12 * MILLI_NANOS, "late: expiredNanos=" + expiredNanos);
    }

    @Test
    void failureWhileOneEndsKeepsNoOtherFromItsEnd() {
        failing = true;
        call(1, 10 * MILLI_NANOS);
        call(0, 40 * MILLI_NANOS);
        world.run(100 * MILLI_NANOS, () -> false);

        assertEquals(40 * MILLI_NANOS, expiredNanos);
    }

    @Test
    void nothingIsLookedAtAfterTheEnd() {
        call(0, MILLI_NANOS);
        deadlines.end();
        world.run(100 * MILLI_NANOS, () -> false);

        assertEquals(-1, expiredNanos);
    }
}
