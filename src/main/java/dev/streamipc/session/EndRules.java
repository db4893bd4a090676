package dev.streamipc.session;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import dev.streamipc.message.ProtocolError;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.message.SessionClosed.Who;
import dev.streamipc.message.StartFailed;
import dev.streamipc.session.EndAction.AwaitQuiet;
import dev.streamipc.session.EndAction.AwaitWritten;
import dev.streamipc.session.EndAction.CancelHandlers;
import dev.streamipc.session.EndAction.End;
import dev.streamipc.session.EndAction.EndAsDied;
import dev.streamipc.session.EndAction.EndCalls;
import dev.streamipc.session.EndAction.EndCallsBehind;
import dev.streamipc.session.EndAction.InputGone;
import dev.streamipc.session.EndAction.Later;
import dev.streamipc.session.EndAction.Parted;
import dev.streamipc.session.EndAction.Probe;
import dev.streamipc.session.EndAction.SayGoodbye;
import dev.streamipc.session.EndAction.StopReading;
import dev.streamipc.session.EndState.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * How a session ends: an orderly goodbye, the end of the stream, the death of the process, a broken rule. State and event
 * give the next state and what to do. No clock, no lock, no I/O.
 */
final class EndRules {
    /*
     *                    both goodbyes out,
     *         close,          quiet               written
     *  OPEN --------> PARTING ---------> LEAVING ---------> ENDED
     *    |   goodbye     |  close limit     |  close limit    ^
     *    |               +------------------+-----------------+
     *    |  broken rule                  goodbye written, or its moment is over
     *    +------------------> DOOMED -------------------------+
     *    |  end of the stream             exit, or none in 1 s
     *    +------------------> AWAITING_EXIT ------------------+
     *    |  the same, no process     | none in 1 s            |
     *    +------------------> OWING <+                        |
     *                           | nothing is owed             |
     *                           +------------> LEAVING -------+
     *
     * A broken rule dooms from every stage. Who has ended its stream may still read: what it asked before is answered, for
     * the close limit at most. Where nothing is owed, or nobody reads, the end of the stream is the end of the session.
     */

    /**
     * How long the exit of a process is awaited after the end of its stream. A dying process closes that a moment before,
     * but on a busy machine its exit is told hundreds of milliseconds later.
     */
    static final long EXIT_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** How long a parting word that nobody asked for may take to leave. */
    static final long PARTING_WORD_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** How long what was written before a death is still read. */
    static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** How often is looked whether a side that sends no more still reads. */
    static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final String CLOSED_HERE = "close was called";

    private final long closeLimitNanos;

    /**
     * Makes the rules of a session.
     *
     * @param closeLimitNanos how long an orderly end may take
     */
    EndRules(long closeLimitNanos) {
        this.closeLimitNanos = closeLimitNanos;
    }

    /** Returns what an event leads to. Never null, whatever comes when. */
    EndStep step(EndState state, EndEvent event) {
        if (state.stage() == Stage.ENDED) {
            return EndStep.stay(state);
        }
        if (event instanceof EndEvent.Heard heard) {
            return heard(state, heard.goodbye());
        } else if (event instanceof EndEvent.Broken broken) {
            return broken(state, broken);
        } else if (event instanceof EndEvent.CutOff cut) {
            return cutOff(state, cut.broken());
        } else if (event instanceof EndEvent.InputEnded ended) {
            return inputEnded(state, ended.why());
        } else if (event instanceof EndEvent.OutputBroken broken) {
            return outputBroken(state, broken.why());
        } else if (event instanceof EndEvent.Abandoned abandoned) {
            return ended(state, abandoned.verdict());
        }
        return plain(state, event);
    }

    private EndStep plain(EndState state, EndEvent event) {
        Stage stage = state.stage();
        boolean orderly = stage == Stage.PARTING || stage == Stage.LEAVING || stage == Stage.OWING;
        if (event instanceof EndEvent.CloseCalled) {
            return close(state);
        } else if (event instanceof EndEvent.GoodbyeQueued) {
            return EndStep.to(state.queueing(), new AwaitQuiet());
        } else if (event instanceof EndEvent.Quiet) {
            return quiet(state);
        } else if (event instanceof EndEvent.Exited) {
            return exited(state);
        } else if (event instanceof EndEvent.Written && stage == Stage.LEAVING) {
            return ended(state, parted(state));
        } else if (event instanceof EndEvent.CloseLimitUp && orderly) {
            return ended(state, parted(state));
        } else if (stage == Stage.DOOMED && isPartingWordOver(state, event)) {
            return endedAsDecided(state);
        } else if (event instanceof EndEvent.ProbeDue && stage == Stage.OWING) {
            return EndStep.to(state, new Probe(), new Later(event, PROBE_NANOS));
        } else if (event instanceof EndEvent.ExitWaitUp && stage == Stage.AWAITING_EXIT) {
            return owe(state, Objects.requireNonNull(state.verdict()));
        }
        return EndStep.stay(state);
    }

    /** A writer that is idle before the goodbye is in its buffer has not written it. */
    private static boolean isPartingWordOver(EndState state, EndEvent event) {
        return event instanceof EndEvent.PartingWordUp || (event instanceof EndEvent.Written && state.queued());
    }

    private EndStep close(EndState state) {
        if (state.stage() == Stage.OWING && !state.said()) {
            return EndStep.to(
                    state.partingWhileOwing(), new SayGoodbye(Goodbye.Reason.CLOSED, CLOSED_HERE), new AwaitQuiet());
        }
        boolean canPart = state.stage() == Stage.OPEN || state.stage() == Stage.PARTING;
        if (!canPart || state.closedHere()) {
            return EndStep.stay(state);
        }
        List<EndAction> actions = new ArrayList<>();
        actions.add(new EndCalls(phase -> new SessionClosed(phase, Who.THIS_SIDE, CLOSED_HERE)));
        if (!state.said()) {
            actions.add(new SayGoodbye(Goodbye.Reason.CLOSED, CLOSED_HERE));
        }
        actions.add(new Later(new EndEvent.CloseLimitUp(), closeLimitNanos));
        actions.add(new AwaitQuiet());
        return new EndStep(state.closingHere(), actions);
    }

    private static EndStep heard(EndState state, Goodbye goodbye) {
        String text = "the other side says: " + goodbye.text();
        return switch (goodbye.reason()) {
            case REFUSED -> ended(state, phase -> new StartFailed(text, List.of(), null, null), new Parted());
            case PROTOCOL_ERROR -> ended(state, phase -> new ProtocolError(phase, text, 0, ""), new Parted());
            case CLOSED -> heardInOrder(state, goodbye);
        };
    }

    private static EndStep heardInOrder(EndState state, Goodbye goodbye) {
        boolean canPart = state.stage() == Stage.OPEN || state.stage() == Stage.PARTING;
        if (!canPart || state.heard() != null) {
            return EndStep.stay(state);
        }
        List<EndAction> actions = new ArrayList<>();
        actions.add(new Parted());
        actions.add(new EndCallsBehind(goodbye, phase -> new SessionClosed(phase, Who.OTHER_SIDE, goodbye.text())));
        if (!state.said()) {
            // who says it first has ended its own calls; who answers one still takes answers
            actions.add(new CancelHandlers("the other side says: " + goodbye.text()));
            actions.add(new SayGoodbye(Goodbye.Reason.CLOSED, "answering a goodbye"));
        }
        actions.add(new AwaitQuiet());
        return new EndStep(state.hearing(goodbye), actions);
    }

    private EndStep quiet(EndState state) {
        boolean parted = state.stage() == Stage.PARTING && state.heard() != null && state.queued();
        if (!parted && state.stage() != Stage.OWING) {
            return EndStep.stay(state);
        }
        return EndStep.to(
                state.in(Stage.LEAVING), new Later(new EndEvent.CloseLimitUp(), closeLimitNanos), new AwaitWritten());
    }

    private static EndStep broken(EndState state, EndEvent.Broken broken) {
        if (state.stage() == Stage.DOOMED) {
            return EndStep.stay(state);
        }
        List<EndAction> actions = new ArrayList<>();
        actions.add(new StopReading());
        actions.add(new EndCalls(broken.verdict()));
        if (!state.said()) {
            actions.add(new SayGoodbye(broken.reason(), broken.text()));
        }
        actions.add(new Later(new EndEvent.PartingWordUp(), PARTING_WORD_NANOS));
        actions.add(new AwaitWritten());
        return new EndStep(state.doomed(broken.verdict()), actions);
    }

    private EndStep inputEnded(EndState state, String why) {
        return switch (state.stage()) {
            case PARTING, LEAVING -> ended(state, parted(state));
            case DOOMED -> endedAsDecided(state);
            case OPEN -> lost(state, phase -> new SessionClosed(phase, Who.STREAM, why));
            case AWAITING_EXIT, OWING, ENDED -> EndStep.stay(state);
        };
    }

    private EndStep cutOff(EndState state, EndEvent.Broken broken) {
        if (!state.hasProcess()) {
            return broken(state, broken);
        }
        return state.stage() == Stage.OPEN ? lost(state, broken.verdict()) : inputEnded(state, broken.text());
    }

    private EndStep lost(EndState state, Function<Phase, IpcFailure> otherwise) {
        if (state.exited()) {
            return EndStep.to(state.in(Stage.ENDED), new InputGone(), new EndAsDied());
        }
        if (!state.hasProcess()) {
            return owe(state, otherwise, new InputGone());
        }
        return EndStep.to(
                state.awaitingExit(otherwise), new InputGone(), new Later(new EndEvent.ExitWaitUp(), EXIT_WAIT_NANOS));
    }

    /** No answer can come any more, but ours may still go. */
    private EndStep owe(EndState state, Function<Phase, IpcFailure> verdict, EndAction... before) {
        List<EndAction> actions = new ArrayList<>(List.of(before));
        actions.add(new EndCalls(verdict));
        actions.add(new AwaitQuiet());
        actions.add(new Later(new EndEvent.CloseLimitUp(), closeLimitNanos));
        actions.add(new Probe());
        actions.add(new Later(new EndEvent.ProbeDue(), PROBE_NANOS));
        return new EndStep(state.owing(verdict), actions);
    }

    private static EndStep outputBroken(EndState state, String why) {
        boolean inputEnded =
                state.stage() == Stage.OWING || (state.stage() == Stage.LEAVING && state.verdict() != null);
        return inputEnded
                ? endedAsDecided(state)
                // what was sent to us before may still come in, for a while
                : EndStep.to(state, new Later(new EndEvent.InputEnded(why), DRAIN_NANOS));
    }

    private static EndStep exited(EndState state) {
        if (state.stage() == Stage.AWAITING_EXIT || state.stage() == Stage.OWING) {
            return EndStep.to(state.exiting().in(Stage.ENDED), new EndAsDied());
        }
        // the end of its stream is due, unless somebody else holds it open
        return EndStep.to(state.exiting(), new Later(new EndEvent.InputEnded("the process exited"), DRAIN_NANOS));
    }

    /** What calls end with after a goodbye. */
    private static Function<Phase, IpcFailure> parted(EndState state) {
        Function<Phase, IpcFailure> verdict = state.verdict();
        if (verdict != null) {
            return verdict;
        }
        Goodbye last = state.heard();
        return state.closedHere() || last == null
                ? phase -> new SessionClosed(phase, Who.THIS_SIDE, CLOSED_HERE)
                : phase -> new SessionClosed(phase, Who.OTHER_SIDE, last.text());
    }

    private static EndStep endedAsDecided(EndState state) {
        Function<Phase, IpcFailure> verdict = state.verdict();
        return verdict == null ? EndStep.stay(state) : ended(state, verdict);
    }

    private static EndStep ended(EndState state, Function<Phase, IpcFailure> verdict, EndAction... before) {
        List<EndAction> actions = new ArrayList<>(List.of(before));
        actions.add(new End(verdict, state.isOrderly()));
        return new EndStep(state.in(Stage.ENDED), actions);
    }
}
