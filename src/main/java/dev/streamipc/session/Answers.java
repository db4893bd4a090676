package dev.streamipc.session;

import dev.streamipc.frame.Frame;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Undecodable;
import dev.streamipc.session.CallStep.Action;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the other side says of this side's calls; on the thread that took it. */
final class Answers {

    private final PendingCalls pending;
    private final Outbox outbox;
    private final CallWatch watch;
    private final Runnable onSettled;
    private final AtomicLong lateProgress = new AtomicLong();
    private final AtomicLong late = new AtomicLong();

    /**
     * Makes the answering side of a session's calls.
     *
     * @param onSettled told when a call was claimed, so that a closing session can see whether any is left
     */
    Answers(PendingCalls pending, Outbox outbox, CallWatch watch, Runnable onSettled) {
        this.pending = pending;
        this.outbox = outbox;
        this.watch = watch;
        this.onSettled = onSettled;
    }

    /**
     * Takes REPLY.
     *
     * @return false if the call has ended
     */
    boolean reply(long id, Decoded decoded) {
        PendingCall<?> call = claim(id);
        if (call == null) {
            return false;
        }
        Message message = decoded.message();
        if (message == null) {
            fail(call, decoded.asAnswer());
        } else if (call.answerType().isInstance(message)) {
            complete(call, message);
        } else {
            fail(call, wrongAnswer(call, message));
        }
        onSettled.run();
        return true;
    }

    private @Nullable PendingCall<?> claim(long id) {
        PendingCall<?> call = pending.remove(id);
        if (call == null || call.on(CallEvent.ANSWERED).asksFor(Action.COUNT_LATE)) {
            late.incrementAndGet();
            return null;
        }
        if (!outbox.places().confirm(call)) {
            // else its attachments would still be read
            outbox.withdraw(call);
        }
        return call;
    }

    private static Undecodable wrongAnswer(PendingCall<?> call, Message message) {
        return new Undecodable(
                Undecodable.Subject.ANSWER,
                Undecodable.Side.HERE,
                message.getClass().getSimpleName(),
                "expected an answer of type " + call.answerType().getSimpleName());
    }

    private void fail(PendingCall<?> call, IpcFailure failure) {
        watch.answered(call, failure);
        call.settle(null, failure);
    }

    private <R> void complete(PendingCall<R> call, Message message) {
        R value;
        try {
            value = call.valueOf(message);
        } catch (Undecodable unfit) {
            fail(call, unfit);
            return;
        }
        watch.answered(call, null);
        call.settle(value, null);
    }

    /** Takes FAILURE. Returns false if the call has ended. */
    boolean failure(long id, Function<Duration, IpcFailure> reader) {
        PendingCall<?> call = claim(id);
        if (call == null) {
            return false;
        }
        fail(call, reader.apply(call.limit));
        onSettled.run();
        return true;
    }

    /** Takes STARTED, PROGRESS or PART. Returns its call, null if that has ended. */
    @Nullable
    PendingCall<?> running(Frame frame) {
        PendingCall<?> call = pending.find(frame.id());
        if (call != null) {
            call.on(CallEvent.STARTED);
            outbox.places().confirmRunning(call);
        } else if (frame.kind() == Kind.PROGRESS) {
            lateProgress.incrementAndGet();
        }
        return call;
    }

    /** Returns how many updates came for calls that had ended. */
    long lateProgress() {
        return lateProgress.get();
    }

    /** Returns how many answers came for calls that had ended. */
    long late() {
        return late.get();
    }
}
