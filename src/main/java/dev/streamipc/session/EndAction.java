package dev.streamipc.session;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import java.util.function.Function;

/** What has to be done on the way to a session's end, in order, by the thread that got there. None blocks. */
sealed interface EndAction {

    /** End all calls of this side, refuse new ones. */
    record EndCalls(Function<Phase, IpcFailure> verdict) implements EndAction {}

    /** End the calls that the other side will not start, refuse new ones. */
    record EndCallsBehind(Goodbye goodbye, Function<Phase, IpcFailure> refuseNew) implements EndAction {}

    /** Tell the handlers that run that nobody waits for their answers. */
    record CancelHandlers(String why) implements EndAction {}

    /** Let no request start any more, queue GOODBYE, and report {@code GoodbyeQueued}. */
    record SayGoodbye(Goodbye.Reason reason, String text) implements EndAction {}

    /** Take nothing more of what comes in. */
    record StopReading() implements EndAction {}

    /** The other side has parted in order: if it is our parent, it may go on living. */
    record Parted() implements EndAction {}

    /** The other side's stream has ended: if it is our parent, this process is on its way out. */
    record InputGone() implements EndAction {}

    /** Write something: if nobody is there to read it, the output breaks. */
    record Probe() implements EndAction {}

    /** Report an event after a time. */
    record Later(EndEvent event, long nanos) implements EndAction {}

    /** See whether the session is quiet: {@code Quiet} is due now, or when it becomes so. */
    record AwaitQuiet() implements EndAction {}

    /** See whether everything is written: {@code Written} is due now, or when it becomes so. */
    record AwaitWritten() implements EndAction {}

    /** End: every call has its outcome, nothing goes in or out, and what may block is done on a thread of its own. */
    record End(Function<Phase, IpcFailure> verdict, boolean orderly) implements EndAction {}

    /** End like {@link End}, with the report of the process that has exited. */
    record EndAsDied() implements EndAction {}
}
