package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.message.Phase;
import dev.streamipc.session.CallStep.Action;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CallRulesTest {

    @ParameterizedTest
    @CsvSource({
        "OPEN, ANSWERED, ENDED, , SETTLE",
        "OPEN, STARTED, RUNNING, , ",
        "OPEN, REFUSED, ENDED, QUEUED, SETTLE",
        "OPEN, CANCELLED, CANCELLING, , TAKE_BACK",
        "OPEN, EXPIRED, ENDING, , TAKE_BACK",
        "OPEN, SESSION_ENDED, ENDING, , TAKE_BACK",
        "OPEN, TAKEN_BACK, OPEN, , ",
        "OPEN, HAD_LEFT, OPEN, , ",
        "RUNNING, ANSWERED, ENDED, , SETTLE",
        "RUNNING, STARTED, RUNNING, , ",
        "RUNNING, REFUSED, RUNNING, , ",
        "RUNNING, CANCELLED, ENDED, RUNNING, REMEMBER SEND_CANCEL SETTLE",
        "RUNNING, EXPIRED, ENDED, RUNNING, REMEMBER SETTLE",
        "RUNNING, SESSION_ENDED, ENDED, RUNNING, REMEMBER SETTLE",
        "RUNNING, TAKEN_BACK, RUNNING, , ",
        "RUNNING, HAD_LEFT, RUNNING, , ",
        "CANCELLING, ANSWERED, CANCELLING, , COUNT_LATE",
        "CANCELLING, STARTED, CANCELLING, , ",
        "CANCELLING, REFUSED, CANCELLING, , ",
        "CANCELLING, CANCELLED, CANCELLING, , ",
        "CANCELLING, EXPIRED, CANCELLING, , ",
        "CANCELLING, SESSION_ENDED, CANCELLING, , ",
        "CANCELLING, TAKEN_BACK, ENDED, QUEUED, SETTLE",
        "CANCELLING, HAD_LEFT, ENDED, SENT, SEND_CANCEL SETTLE",
        "ENDING, ANSWERED, ENDING, , COUNT_LATE",
        "ENDING, STARTED, ENDING, , ",
        "ENDING, REFUSED, ENDING, , ",
        "ENDING, CANCELLED, ENDING, , ",
        "ENDING, EXPIRED, ENDING, , ",
        "ENDING, SESSION_ENDED, ENDING, , ",
        "ENDING, TAKEN_BACK, ENDED, QUEUED, SETTLE",
        "ENDING, HAD_LEFT, ENDED, SENT, SETTLE",
        "ENDED, ANSWERED, ENDED, , COUNT_LATE",
        "ENDED, STARTED, ENDED, , ",
        "ENDED, REFUSED, ENDED, , ",
        "ENDED, CANCELLED, ENDED, , ",
        "ENDED, EXPIRED, ENDED, , ",
        "ENDED, SESSION_ENDED, ENDED, , ",
        "ENDED, TAKEN_BACK, ENDED, , ",
        "ENDED, HAD_LEFT, ENDED, , ",
    })
    void everyStateAndEventHasItsStep(CallState state, CallEvent event, CallState next, Phase phase, String actions) {
        CallStep step = CallRules.step(state, event);

        assertSame(next, step.next());
        assertSame(phase, step.phase());
        assertEquals(actionsOf(actions), step.actions());
    }

    @Test
    void aStepKeepsWhatItIsMadeOf() {
        CallStep step = CallStep.to(CallState.RUNNING, Action.SETTLE, Action.REMEMBER);

        assertEquals(new CallStep(CallState.RUNNING, Set.of(Action.REMEMBER, Action.SETTLE), null), step);
        assertTrue(step.asksFor(Action.SETTLE));
        assertFalse(step.asksFor(Action.TAKE_BACK));
    }

    private static Set<Action> actionsOf(String names) {
        Set<Action> actions = new HashSet<>();
        if (names != null) {
            List.of(names.split(" ")).forEach(name -> actions.add(Action.valueOf(name)));
        }
        return actions;
    }

    /** A history: the state that it led to, how often it settled, and what it may still be told by the outbox. */
    private record History(CallState state, int settled, boolean asked, int events) {}

    @Test
    void noHistorySettlesTwiceOrForgetsToSettle() {
        int most = 7;
        Set<History> seen = new HashSet<>();
        Deque<History> todo = new ArrayDeque<>(List.of(new History(CallState.OPEN, 0, false, 0)));
        while (!todo.isEmpty()) {
            History history = todo.pop();
            assertEquals(history.state() == CallState.ENDED ? 1 : 0, history.settled(), history.toString());
            if (seen.add(history) && history.events() < most) {
                for (CallEvent event : CallEvent.values()) {
                    boolean answer = event == CallEvent.TAKEN_BACK || event == CallEvent.HAD_LEFT;
                    if (!answer || history.asked()) {
                        todo.push(after(history, event, answer));
                    }
                }
            }
        }
        assertTrue(seen.size() > 20, "histories=" + seen.size());
    }

    private static History after(History history, CallEvent event, boolean answer) {
        CallStep step = CallRules.step(history.state(), event);
        boolean asks = step.asksFor(Action.TAKE_BACK);
        assertFalse(asks && history.asked(), "asked twice: " + history + " " + event);
        return new History(
                step.next(),
                history.settled() + (step.asksFor(Action.SETTLE) ? 1 : 0),
                asks || (history.asked() && !answer),
                history.events() + 1);
    }

    @ParameterizedTest
    @EnumSource(CallState.class)
    void onlyAStepThatSettlesFromHereHasAPhase(CallState state) {
        for (CallEvent event : CallEvent.values()) {
            CallStep step = CallRules.step(state, event);
            if (!step.asksFor(Action.SETTLE) || event == CallEvent.ANSWERED) {
                assertNull(step.phase(), state + " " + event);
            } else {
                assertSame(Phase.class, step.phase().getDeclaringClass(), state + " " + event);
            }
        }
    }
}
