package dev.streamipc.dispatch;

import dev.streamipc.message.Cancelled;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import dev.streamipc.message.ProtocolError;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.SessionClosed;
import org.jspecify.annotations.Nullable;

/**
 * What the end of a task on a worker says of the task and of the worker.
 *
 * @param isTheWorkers whether the worker ended, or took nothing, rather than the task
 * @param isNotBegun whether it is certain that the handler was not entered
 * @param endsWorker whether the worker is of no more use
 * @param mayRunOn whether the worker may still be running it
 * @param isFreeAgain whether the worker has ended what it ran before
 */
record Verdict(boolean isTheWorkers, boolean isNotBegun, boolean endsWorker, boolean mayRunOn, boolean isFreeAgain) {

    private static final Verdict OF_TASK = new Verdict(false, false, false, false, true);

    /** Returns whether the worker is well but has no room. */
    boolean tookNothing() {
        return isTheWorkers && isNotBegun && !endsWorker;
    }

    /**
     * Judges.
     *
     * @param noSignMeansNone whether a worker that said nothing of the start has not begun: it was asked to say, and all that it
     *     ever sent was heard
     */
    static Verdict of(@Nullable Throwable failure, boolean noSignMeansNone) {
        if (!(failure instanceof IpcFailure ipc)) {
            return OF_TASK;
        }
        boolean isNotBegun = ipc.certainty() == Certainty.NOT_EXECUTED;
        if (ipc instanceof ChildDied || ipc instanceof SessionClosed || ipc instanceof ProtocolError) {
            boolean hasNoSign = noSignMeansNone && isReadToItsEnd(ipc) && ipc.certainty() == Certainty.MAYBE_EXECUTED;
            return new Verdict(true, isNotBegun || hasNoSign, true, false, false);
        } else if (ipc instanceof Rejected rejected) {
            boolean isFull = rejected.reason() == Rejected.Reason.QUEUE_FULL;
            boolean isLeaving = rejected.reason() == Rejected.Reason.DRAINING;
            return new Verdict(isFull || isLeaving, true, isLeaving, false, !isFull);
        }
        boolean isGivenUp = ipc instanceof Cancelled || ipc instanceof DeadlinePassed;
        return new Verdict(false, isNotBegun, false, isGivenUp && phase(ipc) != Phase.QUEUED, !isGivenUp);
    }

    /** Only where the stream was read to its end nothing that was sent is unheard. */
    private static boolean isReadToItsEnd(IpcFailure failure) {
        return failure instanceof ChildDied
                || failure instanceof SessionClosed closed && closed.who() == SessionClosed.Who.STREAM;
    }

    private static Phase phase(IpcFailure failure) {
        if (failure instanceof Cancelled cancelled) {
            return cancelled.phase();
        }
        return failure instanceof DeadlinePassed passed ? passed.phase() : Phase.RUNNING;
    }
}
