package dev.streamipc.channel;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** Waits for a fact instead of sleeping, and says which fact never came true. */
public final class Eventually {

    private static final long DEADLINE_NANOS = SECONDS.toNanos(15);

    /** A thread in a system call looks blocked: only one that is seen there again and again is. */
    private static final int BLOCKED_LOOKS = 10;

    private Eventually() {}

    /** Blocks until {@code fact} holds, and returns how long that took, in milliseconds. */
    public static long await(String name, Callable<Boolean> fact) throws Exception {
        long start = System.nanoTime();
        while (!fact.call()) {
            if (System.nanoTime() - start > DEADLINE_NANOS) {
                throw new AssertionError("never came true: " + name);
            }
            LockSupport.parkNanos(MILLISECONDS.toNanos(1));
        }
        return (System.nanoTime() - start) / 1_000_000;
    }

    /** Blocks until a latch is open, also where nothing may be thrown. */
    public static void await(CountDownLatch latch) {
        try {
            if (!latch.await(DEADLINE_NANOS, NANOSECONDS)) {
                throw new AssertionError("latch was never opened");
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError("interrupted while waiting", interrupted);
        }
    }

    /** Blocks until {@code thread} hangs in a lock or in a system call. */
    public static void awaitBlocked(Thread thread) throws Exception {
        int[] seenInARow = {0};
        await("thread " + thread.getName() + " is blocked", () -> {
            seenInARow[0] = isBlocked(thread) ? seenInARow[0] + 1 : 0;
            return seenInARow[0] == BLOCKED_LOOKS;
        });
    }

    private static boolean isBlocked(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        return thread.getState() == Thread.State.WAITING || stack.length > 0 && stack[0].isNativeMethod();
    }
}
