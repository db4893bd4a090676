package dev.streamipc.session;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How far a session is on the way to its end. Immutable; only {@link EndRules} leads from one to another.
 *
 * @param hasProcess whether a process stands behind the session, whose exit can be seen
 * @param closedHere close was called
 * @param heard the other side's GOODBYE in order, null until it came
 * @param said our GOODBYE was asked for
 * @param queued our GOODBYE stands in the outbound buffer
 * @param exited the process has exited
 * @param verdict what calls end with once the stage is DOOMED, AWAITING_EXIT or OWING; null before
 */
record EndState(
        Stage stage,
        boolean hasProcess,
        boolean closedHere,
        @Nullable Goodbye heard,
        boolean said,
        boolean queued,
        boolean exited,
        @Nullable Function<Phase, IpcFailure> verdict) {

    enum Stage {
        /** Nothing has begun to end. */
        OPEN,
        /** Close was called or a goodbye was heard: started requests are answered, the rest is refused. */
        PARTING,
        /** Both goodbyes are out and all is quiet: what is left has to be written. */
        LEAVING,
        /** The two sides can't go on: only our goodbye has a moment to leave. */
        DOOMED,
        /** The stream of a process has ended without a goodbye: its exit is due. */
        AWAITING_EXIT,
        /** The other side sends nothing any more, but may still read: what it asked before is answered. */
        OWING,
        /** Every call has its outcome. */
        ENDED
    }

    static EndState open(boolean hasProcess) {
        return new EndState(Stage.OPEN, hasProcess, false, null, false, false, false, null);
    }

    EndState in(Stage next) {
        return new EndState(next, hasProcess, closedHere, heard, said, queued, exited, verdict);
    }

    EndState closingHere() {
        return new EndState(Stage.PARTING, hasProcess, true, heard, true, queued, exited, verdict);
    }

    EndState hearing(Goodbye goodbye) {
        return new EndState(Stage.PARTING, hasProcess, closedHere, goodbye, true, queued, exited, verdict);
    }

    EndState queueing() {
        return new EndState(stage, hasProcess, closedHere, heard, said, true, exited, verdict);
    }

    EndState exiting() {
        return new EndState(stage, hasProcess, closedHere, heard, said, queued, true, verdict);
    }

    EndState doomed(Function<Phase, IpcFailure> why) {
        return new EndState(Stage.DOOMED, hasProcess, closedHere, heard, true, queued, exited, why);
    }

    EndState awaitingExit(Function<Phase, IpcFailure> otherwise) {
        return new EndState(Stage.AWAITING_EXIT, hasProcess, closedHere, heard, said, queued, exited, otherwise);
    }

    EndState owing(Function<Phase, IpcFailure> why) {
        return new EndState(Stage.OWING, hasProcess, closedHere, heard, said, queued, exited, why);
    }

    EndState partingWhileOwing() {
        return new EndState(Stage.OWING, hasProcess, true, heard, true, queued, exited, verdict);
    }

    /** Returns whether both sides said goodbye. */
    boolean isOrderly() {
        return said && heard != null;
    }
}
