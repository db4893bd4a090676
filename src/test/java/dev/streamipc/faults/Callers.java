package dev.streamipc.faults;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.session.IpcSession;
import dev.streamipc.session.SessionStats;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Makes calls that block, each on a thread of its own: such a caller looks for its answer itself where that was asked for. */
final class Callers {

    /** A thread each would be most of the work behind that. */
    static final int MOST = 64;

    private static final Set<Thread.State> SLEEPS = Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

    private Callers() {}

    /** Returns when the session has taken the call, as {@code request} does: behind its looks a caller sleeps. */
    static <T extends Message> CompletableFuture<T> call(IpcSession session, long before, Supplier<T> call) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        Thread thread = new Thread(() -> settle(outcome, call), "faults-caller");
        thread.setDaemon(true);
        thread.start();
        while (!outcome.isDone() && (taken(session) <= before || !SLEEPS.contains(thread.getState()))) {
            Thread.onSpinWait();
        }
        return outcome;
    }

    static <T extends Message> void settle(CompletableFuture<T> outcome, Supplier<T> call) {
        try {
            outcome.complete(call.get());
        } catch (IpcFailure failure) {
            outcome.completeExceptionally(failure);
        }
    }

    private static long taken(IpcSession session) {
        SessionStats.Calls calls = session.stats().calls();
        return calls.answered() + calls.failed() + calls.inFlight();
    }
}
