package dev.streamipc.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.streamipc.message.Cancelled;
import dev.streamipc.message.Phase;
import dev.streamipc.session.EndAction.EndAsDied;
import dev.streamipc.session.EndAction.EndCalls;
import dev.streamipc.session.EndState.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams that end inside a frame where nobody else writes: who was killed while it wrote has broken no rule. */
class CutOffTest {

    private static final EndEvent.Broken BROKEN =
            new EndEvent.Broken(Goodbye.Reason.PROTOCOL_ERROR, "a rule", phase -> new Cancelled(phase, "a rule"));
    private static final EndEvent CUT_OFF = new EndEvent.CutOff(BROKEN);

    private final EndRules rules = new EndRules(1_000_000_000L);

    private EndStep after(EndState state, EndEvent... events) {
        EndStep step = EndStep.stay(state);
        for (EndEvent event : events) {
            step = rules.step(step.next(), event);
        }
        return step;
    }

    private static List<Class<?>> kinds(EndStep step) {
        return step.actions().stream().<Class<?>>map(Object::getClass).toList();
    }

    @Test
    void processThatExitsThenHasDied() {
        EndStep cut = after(EndState.open(true), CUT_OFF);

        assertSame(Stage.AWAITING_EXIT, cut.next().stage());
        assertEquals(List.of(EndAsDied.class), kinds(rules.step(cut.next(), new EndEvent.Exited())));
        assertSame(
                Stage.ENDED,
                after(EndState.open(true), new EndEvent.Exited(), CUT_OFF)
                        .next()
                        .stage());
    }

    @Test
    void processThatLivesOnHasBrokenTheRule() {
        EndStep step = after(EndState.open(true), CUT_OFF, new EndEvent.ExitWaitUp());

        EndCalls end = (EndCalls) step.actions().get(0);
        assertInstanceOf(Cancelled.class, end.verdict().apply(Phase.SENT));
    }

    @Test
    void strangerHasBrokenTheRuleAtOnce() {
        assertEquals(kinds(after(EndState.open(false), BROKEN)), kinds(after(EndState.open(false), CUT_OFF)));
        assertSame(Stage.DOOMED, after(EndState.open(false), CUT_OFF).next().stage());
    }

    @Test
    void processThatIsCutOffAmidACloseEndsTheSession() {
        assertSame(
                Stage.ENDED,
                after(EndState.open(true), new EndEvent.CloseCalled(), CUT_OFF)
                        .next()
                        .stage());
    }
}
