package dev.streamipc.dispatch;

import dev.streamipc.message.Cancelled;
import dev.streamipc.message.Phase;
import dev.streamipc.session.CallOptions;
import dev.streamipc.session.LocalCall;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Makes calls of tasks that are run in this JVM, and ends them. For all threads. */
final class LocalCalls {

    private final LocalCall.Surroundings around;

    LocalCalls(LocalCall.Surroundings around) {
        this.around = around;
    }

    LocalCall of(LocalCall.Facts facts) {
        return LocalCall.of(facts, around);
    }

    /** Returns the call of a task, which waits to be run; null if the task has its outcome already. */
    @Nullable
    LocalCall of(Task<?> task, Duration limit, Worker.Outcome outcome) {
        if (!task.mayBeSent()) {
            outcome.take(null, new Cancelled(Phase.QUEUED, "given up before it was sent"));
            return null;
        }
        LocalCall call;
        try {
            call = of(new LocalCall.Facts(task.request, options(task, limit), outcome::take));
        } catch (RuntimeException | Error failure) {
            outcome.take(null, failure);
            return null;
        }
        if (!task.sent(call)) {
            giveUp(call, "given up before it was sent");
            return null;
        }
        return call;
    }

    private static CallOptions options(Task<?> task, Duration limit) {
        return new CallOptions(limit, null, false, task.attemptProgress(limit), null, task.attempt, task.stableKey());
    }

    /** Ends the call of a task, whose caller has gone, and returns how far it had come. */
    static Phase giveUp(Task<?> task, String reason) {
        CompletableFuture<?> call = task.giveUp();
        return call instanceof LocalCall local ? giveUp(local, reason) : Phase.QUEUED;
    }

    private static Phase giveUp(LocalCall call, String reason) {
        return call.stop(phase -> new Cancelled(phase, reason), reason);
    }
}
