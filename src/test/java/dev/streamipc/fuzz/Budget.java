package dev.streamipc.fuzz;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** What one input may cost. Over it is a finding. */
final class Budget {

    static final long MAX_ALLOCATED_BYTES = 64L << 20;
    static final long MAX_CPU_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Budget() {}

    /** Runs a body on this thread, and throws if it allocates or computes too much. */
    static void hold(Runnable body) {
        Cost first = Cost.of(body);
        // the first time may have loaded classes
        if (first.isOver()) {
            Cost second = Cost.of(body);
            if (second.isOver()) {
                throw new AssertionError("over the budget of an input: " + second);
            }
        }
    }

    private record Cost(long allocatedBytes, long cpuNanos) {

        static Cost of(Runnable body) {
            long bytes = THREADS.getCurrentThreadAllocatedBytes();
            long nanos = THREADS.getCurrentThreadCpuTime();
            body.run();
            return new Cost(
                    THREADS.getCurrentThreadAllocatedBytes() - bytes, THREADS.getCurrentThreadCpuTime() - nanos);
        }

        boolean isOver() {
            return allocatedBytes > MAX_ALLOCATED_BYTES || cpuNanos > MAX_CPU_NANOS;
        }
    }
}
