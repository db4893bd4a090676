package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.Cancelled;
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
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class EndRulesTest {

    private static final long CLOSE_LIMIT_NANOS = 5_000_000_000L;
    private static final Goodbye FAREWELL = new Goodbye(Goodbye.Reason.CLOSED, "done", OptionalLong.of(7));
    private static final EndEvent CLOSE = new EndEvent.CloseCalled();
    private static final EndEvent HEARD = new EndEvent.Heard(FAREWELL);
    private static final EndEvent QUEUED = new EndEvent.GoodbyeQueued();
    private static final EndEvent QUIET = new EndEvent.Quiet();
    private static final EndEvent WRITTEN = new EndEvent.Written();
    private static final EndEvent LIMIT_UP = new EndEvent.CloseLimitUp();
    private static final EndEvent WORD_UP = new EndEvent.PartingWordUp();
    private static final EndEvent INPUT_ENDED = new EndEvent.InputEnded("the stream ended");
    private static final EndEvent OUTPUT_BROKEN = new EndEvent.OutputBroken("writing failed");
    private static final EndEvent EXITED = new EndEvent.Exited();
    private static final EndEvent EXIT_WAIT_UP = new EndEvent.ExitWaitUp();
    private static final EndEvent BROKEN =
            new EndEvent.Broken(Goodbye.Reason.PROTOCOL_ERROR, "a rule", phase -> new Cancelled(phase, "a rule"));
    private static final EndEvent ABANDONED = new EndEvent.Abandoned(phase -> new Cancelled(phase, "abandoned"));

    private final EndRules rules = new EndRules(CLOSE_LIMIT_NANOS);
    private final List<EndAction> actions = new ArrayList<>();
    private EndState state = EndState.open(true);

    private EndRulesTest on(EndEvent... events) {
        for (EndEvent event : events) {
            EndStep step = rules.step(state, event);
            state = step.next();
            actions.clear();
            actions.addAll(step.actions());
        }
        return this;
    }

    private void did(Class<?>... expected) {
        assertEquals(List.of(expected), actions.stream().map(Object::getClass).toList());
    }

    private <T extends EndAction> T only(Class<T> type) {
        return type.cast(actions.stream().filter(type::isInstance).findFirst().orElseThrow());
    }

    private static IpcFailure of(Function<Phase, IpcFailure> verdict) {
        return verdict.apply(Phase.SENT);
    }

    private void endedBy(Who who) {
        assertSame(Stage.ENDED, state.stage());
        SessionClosed closed =
                assertInstanceOf(SessionClosed.class, of(only(End.class).verdict()));
        assertSame(who, closed.who());
    }

    @Test
    void closeEndsTheCallsSaysGoodbyeAndWaitsForQuiet() {
        on(CLOSE).did(EndCalls.class, SayGoodbye.class, Later.class, AwaitQuiet.class);

        assertSame(Stage.PARTING, state.stage());
        assertEquals(new Later(LIMIT_UP, CLOSE_LIMIT_NANOS), only(Later.class));
        assertSame(Goodbye.Reason.CLOSED, only(SayGoodbye.class).reason());
        assertInstanceOf(SessionClosed.class, of(only(EndCalls.class).verdict()));
        on(CLOSE).did();
    }

    @Test
    void twoGoodbyesThenQuietThenWrittenIsAnOrderlyEnd() {
        on(CLOSE, QUEUED).did(AwaitQuiet.class);
        on(QUIET).did();
        on(HEARD).did(Parted.class, EndCallsBehind.class, AwaitQuiet.class);
        on(WRITTEN).did();
        on(QUIET).did(Later.class, AwaitWritten.class);
        assertSame(Stage.LEAVING, state.stage());
        assertEquals(new Later(LIMIT_UP, CLOSE_LIMIT_NANOS), only(Later.class));
        on(QUIET).did();

        on(WRITTEN).did(End.class);

        endedBy(Who.THIS_SIDE);
        assertTrue(only(End.class).orderly());
    }

    @Test
    void goodbyeIsAnsweredAndWaitsUntilOursIsQueued() {
        on(HEARD).did(Parted.class, EndCallsBehind.class, CancelHandlers.class, SayGoodbye.class, AwaitQuiet.class);
        assertEquals("the other side says: done", only(CancelHandlers.class).why());
        assertSame(FAREWELL, only(EndCallsBehind.class).goodbye());
        SessionClosed refusal = assertInstanceOf(
                SessionClosed.class, of(only(EndCallsBehind.class).refuseNew()));
        assertSame(Who.OTHER_SIDE, refusal.who());
        on(QUIET).did();
        on(HEARD).did();

        on(QUEUED, QUIET, WRITTEN).did(End.class);

        endedBy(Who.OTHER_SIDE);
        assertTrue(only(End.class).orderly());
    }

    @Test
    void closeAfterAGoodbyeSaysNoSecondOne() {
        on(HEARD, CLOSE).did(EndCalls.class, Later.class, AwaitQuiet.class);

        on(INPUT_ENDED);
        endedBy(Who.THIS_SIDE);
    }

    @Test
    void closeLimitEndsWhatDoesNotEndByItself() {
        on(LIMIT_UP).did();
        on(CLOSE, LIMIT_UP).did(End.class);
        endedBy(Who.THIS_SIDE);
        assertFalse(only(End.class).orderly());
    }

    @Test
    void closeLimitEndsAWriteThatNeverEnds() {
        on(HEARD, QUEUED, QUIET, LIMIT_UP).did(End.class);

        endedBy(Who.OTHER_SIDE);
    }

    @Test
    void endOfTheStreamWhilePartingIsTheEnd() {
        on(CLOSE, INPUT_ENDED).did(End.class);
        endedBy(Who.THIS_SIDE);
    }

    @Test
    void endOfTheStreamWhileLeavingIsTheEnd() {
        on(HEARD, QUEUED, QUIET, INPUT_ENDED).did(End.class);
        endedBy(Who.OTHER_SIDE);
    }

    @Test
    void endOfTheStreamAwaitsTheExitForAMoment() {
        on(INPUT_ENDED).did(InputGone.class, Later.class);
        assertSame(Stage.AWAITING_EXIT, state.stage());
        assertEquals(new Later(EXIT_WAIT_UP, EndRules.EXIT_WAIT_NANOS), only(Later.class));
        on(INPUT_ENDED).did();
        on(CLOSE).did();
        on(HEARD).did();

        on(EXITED).did(EndAsDied.class);
        assertSame(Stage.ENDED, state.stage());
    }

    @Test
    void endOfTheStreamOfAProcessThatLivesClosesTheSession() {
        on(EXIT_WAIT_UP).did();
        on(INPUT_ENDED, EXIT_WAIT_UP).did(EndCalls.class, AwaitQuiet.class, Later.class, Probe.class, Later.class);
        assertSame(Stage.OWING, state.stage());

        on(QUIET).did(Later.class, AwaitWritten.class);
        on(WRITTEN).did(End.class);

        endedBy(Who.STREAM);
        assertFalse(only(End.class).orderly());
    }

    @Test
    void whoSendsNoMoreGetsTheAnswersThatAreOwed() {
        owing();
        assertEquals(new Later(LIMIT_UP, CLOSE_LIMIT_NANOS), only(Later.class));
        assertInstanceOf(SessionClosed.class, of(only(EndCalls.class).verdict()));
        on(WRITTEN).did();
        on(INPUT_ENDED).did();

        on(QUIET).did(Later.class, AwaitWritten.class);
        assertSame(Stage.LEAVING, state.stage());
        on(WRITTEN).did(End.class);

        endedBy(Who.STREAM);
    }

    private void owing() {
        state = EndState.open(false);
        on(INPUT_ENDED).did(InputGone.class, EndCalls.class, AwaitQuiet.class, Later.class, Probe.class, Later.class);
        assertSame(Stage.OWING, state.stage());
    }

    @Test
    void whatIsOwedHasNotMoreTimeThanAnOrderlyEnd() {
        owing();

        on(LIMIT_UP).did(End.class);

        endedBy(Who.STREAM);
    }

    @Test
    void nothingIsOwedToWhoReadsNoMore() {
        owing();
        on(OUTPUT_BROKEN).did(End.class);
        endedBy(Who.STREAM);

        owing();
        on(QUIET, OUTPUT_BROKEN).did(End.class);
        endedBy(Who.STREAM);
    }

    @Test
    void closeWhileOwingStartsNothingMore() {
        owing();

        on(CLOSE).did(SayGoodbye.class, AwaitQuiet.class);
        assertSame(Stage.OWING, state.stage());
        on(CLOSE).did();

        on(QUEUED, QUIET, WRITTEN).did(End.class);
        endedBy(Who.STREAM);
    }

    @Test
    void whileOwingItIsLookedAgainAndAgainWhetherSomebodyReads() {
        owing();

        on(new EndEvent.ProbeDue()).did(Probe.class, Later.class);
        assertEquals(new Later(new EndEvent.ProbeDue(), EndRules.PROBE_NANOS), only(Later.class));
        on(new EndEvent.ProbeDue()).did(Probe.class, Later.class);

        on(QUIET, new EndEvent.ProbeDue()).did();
    }

    @Test
    void exitWhileOwingIsADeath() {
        on(INPUT_ENDED, EXIT_WAIT_UP, EXITED).did(EndAsDied.class);
    }

    @Test
    void exitLetsWhatWasWrittenBeforeComeIn() {
        on(EXITED).did(Later.class);
        Later later = only(Later.class);
        assertEquals(EndRules.DRAIN_NANOS, later.nanos());
        assertInstanceOf(EndEvent.InputEnded.class, later.event());

        on(later.event()).did(InputGone.class, EndAsDied.class);
        assertSame(Stage.ENDED, state.stage());
    }

    @Test
    void brokenOutputLetsWhatWasWrittenBeforeComeIn() {
        on(OUTPUT_BROKEN).did(Later.class);

        assertSame(Stage.OPEN, state.stage());
        assertEquals(new Later(new EndEvent.InputEnded("writing failed"), EndRules.DRAIN_NANOS), only(Later.class));
    }

    @Test
    void brokenRuleEndsTheCallsAndGivesTheGoodbyeAMoment() {
        on(BROKEN).did(StopReading.class, EndCalls.class, SayGoodbye.class, Later.class, AwaitWritten.class);
        assertSame(Stage.DOOMED, state.stage());
        assertSame(Goodbye.Reason.PROTOCOL_ERROR, only(SayGoodbye.class).reason());
        assertEquals(new Later(WORD_UP, EndRules.PARTING_WORD_NANOS), only(Later.class));
        on(BROKEN).did();
        on(LIMIT_UP).did();
        on(HEARD).did();
        on(CLOSE).did();
        on(WRITTEN).did();

        on(QUEUED, WRITTEN).did(End.class);

        assertInstanceOf(Cancelled.class, of(only(End.class).verdict()));
        assertFalse(only(End.class).orderly());
    }

    @Test
    void brokenRuleAfterOurGoodbyeSaysNoSecondOne() {
        on(CLOSE, BROKEN).did(StopReading.class, EndCalls.class, Later.class, AwaitWritten.class);
    }

    @Test
    void goodbyeThatCantLeaveIsNotWaitedForLong() {
        on(WORD_UP).did();
        on(BROKEN, WORD_UP).did(End.class);
    }

    @Test
    void doomedSessionEndsWithItsStreamForTheSameReason() {
        on(BROKEN, INPUT_ENDED).did(End.class);

        assertInstanceOf(Cancelled.class, of(only(End.class).verdict()));
    }

    @Test
    void refusalOfTheOtherSideIsTheEnd() {
        on(new EndEvent.Heard(new Goodbye(Goodbye.Reason.REFUSED, "no common version", OptionalLong.empty())))
                .did(Parted.class, End.class);

        IpcFailure failure = of(only(End.class).verdict());
        assertInstanceOf(StartFailed.class, failure);
        assertTrue(failure.getMessage().contains("the other side says: no common version"), failure.getMessage());
    }

    @Test
    void protocolErrorOfTheOtherSideIsTheEnd() {
        on(new EndEvent.Heard(new Goodbye(Goodbye.Reason.PROTOCOL_ERROR, "second hello", OptionalLong.empty())))
                .did(Parted.class, End.class);

        IpcFailure failure = of(only(End.class).verdict());
        assertInstanceOf(ProtocolError.class, failure);
        assertTrue(failure.getMessage().contains("second hello"), failure.getMessage());
    }

    @Test
    void abandonedSessionEndsAtOnce() {
        on(ABANDONED).did(End.class);

        assertInstanceOf(Cancelled.class, of(only(End.class).verdict()));
    }

    @Test
    void nothingFollowsTheEnd() {
        on(ABANDONED);
        EndState ended = state;
        for (EndEvent event : all()) {
            on(event).did();
            assertSame(ended, state);
        }
    }

    private static List<EndEvent> all() {
        return List.of(
                CLOSE,
                HEARD,
                QUEUED,
                QUIET,
                WRITTEN,
                LIMIT_UP,
                WORD_UP,
                INPUT_ENDED,
                OUTPUT_BROKEN,
                EXITED,
                EXIT_WAIT_UP,
                BROKEN,
                ABANDONED);
    }

    @Test
    void everyHistoryEndsAtMostOnceAndCanEnd() {
        Set<String> seen = new HashSet<>();
        walk(EndState.open(true), 0, 0, seen);
        walk(EndState.open(false), 0, 0, seen);
        assertTrue(seen.size() > 40, "states=" + seen.size());
    }

    private void walk(EndState from, int ends, int depth, Set<String> seen) {
        assertEquals(from.stage() == Stage.ENDED ? 1 : 0, ends, from.toString());
        String name = from.stage() + " " + from.hasProcess() + from.closedHere() + (from.heard() != null) + from.said()
                + from.queued() + from.exited();
        if (!seen.add(name) || depth > 12) {
            return;
        }
        for (EndEvent event : all()) {
            EndStep step = rules.step(from, event);
            long more = step.actions().stream()
                    .filter(action -> action instanceof End || action instanceof EndAsDied)
                    .count();
            walk(step.next(), ends + (int) more, depth + 1, seen);
        }
    }
}
