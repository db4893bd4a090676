package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.Message;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The context of a request that came as a notification: nobody waits for it, so nobody can lose interest either. */
final class UnaskedContext implements RequestContext {

    private @Nullable CancelSignal signal; // guarded by this

    @Override
    public void progress(Message message) {
        // there is no caller to tell
    }

    @Override
    public synchronized Cancellation cancellation() {
        if (signal == null) {
            signal = new CancelSignal(
                    Runnable::run, Scheduler.ofThisJvm(), new CancelSignal.Facts(Thread.currentThread(), false, 0));
        }
        return signal;
    }

    @Override
    public Duration timeLeft() {
        return CallOptions.MAX_DEADLINE;
    }
}
