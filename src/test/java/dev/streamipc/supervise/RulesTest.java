package dev.streamipc.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.streamipc.supervise.ChildEntry.History;
import dev.streamipc.supervise.Rig.Trouble;
import dev.streamipc.supervise.SupervisorInput.LifeEnded;
import dev.streamipc.supervise.SupervisorInput.LifeStarted;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules alone, as far as a supervisor can't be driven there. */
class RulesTest {

    private static final int MANY = 1_000_000;

    @Test
    void aMillionRestartsLeaveNothing() {
        SupervisorSpec spec = spec(Integer.MAX_VALUE, Backoff.NONE);
        SupervisionRules rules = new SupervisionRules(spec, 1);
        SupervisionState state = started(rules, spec);
        Trouble trouble = new Trouble("each time");

        for (int life = 1; life <= MANY; life++) {
            state = next(rules, state, new LifeStarted(life), life);
            state = next(rules, state, new LifeEnded(life, trouble), life);
        }

        ChildEntry child = state.children().get(0);
        assertEquals(MANY, child.history().restarts());
        assertEquals(new Phase.Starting(MANY + 1, MANY + ChildSpec.DEFAULT_START_LIMIT.toNanos()), child.phase());
        assertEquals(List.of(), state.restartsNanos());
        assertEquals(List.of(), child.removals());
    }

    @Test
    void restartsOutsideThePeriodAreForgotten() {
        SupervisorSpec spec = spec(5, Backoff.NONE);
        SupervisionRules rules = new SupervisionRules(spec, 1);
        SupervisionState state = started(rules, spec);
        long stepNanos = spec.period().toNanos() / 3;

        for (int life = 1; life <= 1_000; life++) {
            state = next(rules, state, new LifeStarted(life), life * stepNanos);
            state = next(rules, state, new LifeEnded(life, null), life * stepNanos);
            assertTrue(state.restartsNanos().size() <= 4, state::toString);
        }

        assertEquals(SupervisionState.Stage.RUNNING, state.stage());
    }

    @Test
    void failuresInARowAreCountedNoFurtherThanANumberGoes() {
        Backoff backoff = new Backoff(Duration.ofMillis(1), Duration.ofSeconds(30), 0, Duration.ofDays(1));
        SupervisorSpec spec = spec(5, backoff);
        SupervisionRules rules = new SupervisionRules(spec, 1);
        SupervisionState state = next(rules, started(rules, spec), new LifeStarted(1), 0);
        ChildEntry tired =
                state.children().get(0).with(new History(true, Integer.MAX_VALUE, Integer.MAX_VALUE, 0, 0L, null));

        SupervisionState waiting = next(rules, of(state, tired), new LifeEnded(1, null), 0);

        assertEquals(
                new Phase.Waiting(Duration.ofSeconds(30).toNanos()),
                waiting.children().get(0).phase());
        assertEquals(Integer.MAX_VALUE, waiting.children().get(0).history().inARow());
    }

    private static SupervisorSpec spec(int intensity, Backoff backoff) {
        return SupervisorSpec.builder("root")
                .intensity(intensity, Duration.ofDays(1))
                .backoff(backoff)
                .child(new Rig().child("a").build())
                .build();
    }

    private static SupervisionState started(SupervisionRules rules, SupervisorSpec spec) {
        return next(rules, SupervisionState.of(spec), new SupervisorInput.Start(), 0);
    }

    private static SupervisionState of(SupervisionState state, ChildEntry child) {
        return new SupervisionState(
                state.stage(), List.of(child), state.round(), state.restartsNanos(), state.lives(), null, false);
    }

    private static SupervisionState next(
            SupervisionRules rules, SupervisionState state, SupervisorInput input, long nowNanos) {
        return rules.step(state, input, "root", nowNanos).next();
    }
}
