package dev.streamipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class OrphanRulesTest {

    private static final long GRACE = 100;
    private static final long LOOK = 30;

    /** Close to the end of the range: {@link System#nanoTime} may overflow at any moment. */
    private static final long START = Long.MAX_VALUE - 50;

    private final OrphanRules rules = new OrphanRules(GRACE);

    @Test
    void nothingHappensWhileTheParentLives() {
        assertFalse(rules.mustTell());
        assertFalse(rules.mustHalt(START));
        assertEquals(LOOK, rules.idleNanos(START, LOOK));
    }

    @Test
    void endOfInputHaltsWhenTheGraceIsOver() {
        rules.inputEnded(START);

        assertHaltsExactlyAt(START + GRACE);
    }

    @Test
    void deathOfTheParentHaltsWhenTheGraceIsOver() {
        rules.parentExited(START);

        assertHaltsExactlyAt(START + GRACE);
    }

    @Test
    void secondSignDoesNotLengthenTheGrace() {
        rules.inputEnded(START);
        rules.parentExited(START + 60);
        rules.parentExited(START + 90);
        rules.inputEnded(START + 90);

        assertHaltsExactlyAt(START + GRACE);
    }

    @Test
    void endOfInputMeansNothingAfterDisarm() {
        rules.disarm();
        rules.inputEnded(START);

        assertFalse(rules.mustTell());
        assertFalse(rules.mustHalt(START + GRACE));
    }

    @Test
    void disarmCallsOffTheHaltOfAnEndedInput() {
        rules.inputEnded(START);
        rules.disarm();

        assertFalse(rules.mustHalt(START + GRACE));
    }

    @Test
    void deathOfTheParentHaltsInSpiteOfADisarmBefore() {
        rules.disarm();
        rules.parentExited(START);

        assertTrue(rules.mustTell());
        assertHaltsExactlyAt(START + GRACE);
    }

    @Test
    void deathOfTheParentHaltsInSpiteOfADisarmAfter() {
        rules.parentExited(START);
        rules.disarm();

        assertHaltsExactlyAt(START + GRACE);
    }

    @Test
    void ownerIsToldOnce() {
        rules.inputEnded(START);
        assertTrue(rules.mustTell());

        rules.disarm();
        rules.parentExited(START);

        assertFalse(rules.mustTell());
    }

    @Test
    void waitEndsNoLaterThanTheGrace() {
        rules.inputEnded(START);

        assertEquals(LOOK, rules.idleNanos(START, LOOK));
        assertEquals(10, rules.idleNanos(START + 90, LOOK));
    }

    private void assertHaltsExactlyAt(long nanos) {
        assertFalse(rules.mustHalt(START));
        assertFalse(rules.mustHalt(nanos - 1));
        assertTrue(rules.mustHalt(nanos));
    }
}
