package dev.streamipc.faults;

import dev.streamipc.message.IpcFailure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Waits for the one outcome of a call and counts it. */
final class Outcomes {

    private static final long LIMIT_SECONDS = 30;

    private Outcomes() {}

    /** Returns the failure of a call that must fail. */
    static IpcFailure failureOf(CompletableFuture<?> call, Evidence evidence) throws Exception {
        Throwable thrown = end(call);
        if (thrown instanceof IpcFailure failure) {
            evidence.failed(failure);
            return failure;
        }
        throw new AssertionError("the call was not to be answered: thrown=" + thrown, thrown);
    }

    /** Counts an outcome of either kind; anything that is neither an answer nor of the family is a violation. */
    static void count(CompletableFuture<?> call, Evidence evidence) throws Exception {
        Throwable thrown = end(call);
        if (thrown == null) {
            evidence.answered();
        } else if (thrown instanceof IpcFailure failure) {
            evidence.failed(failure);
        } else {
            evidence.violation("no outcome of the family: " + thrown);
        }
    }

    private static Throwable end(CompletableFuture<?> call) throws Exception {
        return call.handle((answer, thrown) -> thrown).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }
}
