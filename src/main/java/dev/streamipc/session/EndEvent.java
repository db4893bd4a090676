package dev.streamipc.session;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import java.util.function.Function;

/** What may happen on the way to a session's end, in any order and from any thread. */
sealed interface EndEvent {

    /** This side wants to end. */
    record CloseCalled() implements EndEvent {}

    /** GOODBYE came. */
    record Heard(Goodbye goodbye) implements EndEvent {}

    /** Our GOODBYE stands in the outbound buffer. */
    record GoodbyeQueued() implements EndEvent {}

    /** No request runs here, and no call of ours waits; once the other side sends no more, no request waits either. */
    record Quiet() implements EndEvent {}

    /** Nothing is left to write. */
    record Written() implements EndEvent {}

    /** An orderly end has taken as long as it may. */
    record CloseLimitUp() implements EndEvent {}

    /** A goodbye that nobody waits for has had its moment to leave. */
    record PartingWordUp() implements EndEvent {}

    /**
     * The two sides can't go on: a broken rule, or a refusal of the HELLO.
     *
     * @param reason what our GOODBYE says
     * @param text what our GOODBYE says
     * @param verdict what calls end with
     */
    record Broken(Goodbye.Reason reason, String text, Function<Phase, IpcFailure> verdict) implements EndEvent {}

    /**
     * Nothing more comes in, and what came last is half a frame: a broken rule, or the death of who wrote it.
     *
     * @param broken what it is if nobody died
     */
    record CutOff(Broken broken) implements EndEvent {}

    /** Nothing more comes in. */
    record InputEnded(String why) implements EndEvent {}

    /** Nothing more goes out. */
    record OutputBroken(String why) implements EndEvent {}

    /** The process behind the session has exited. */
    record Exited() implements EndEvent {}

    /** The process had its time to exit after the end of its stream. */
    record ExitWaitUp() implements EndEvent {}

    /** Somebody who sends no more may have stopped reading, too. */
    record ProbeDue() implements EndEvent {}

    /** There is nobody to say goodbye to, or nobody who would. */
    record Abandoned(Function<Phase, IpcFailure> verdict) implements EndEvent {}
}
