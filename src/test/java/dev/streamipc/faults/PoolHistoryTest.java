package dev.streamipc.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.streamipc.faults.PoolHistory.Told;
import dev.streamipc.message.Certainty;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The judge of pools sees each kind of lie. */
class PoolHistoryTest {

    private static int faults(Told told, String... lines) {
        List<PoolLedger.Line> written = Arrays.stream(lines)
                .map(line -> new PoolLedger.Line(line.startsWith("b"), 1, Integer.parseInt(line.substring(1)), 7))
                .toList();
        return PoolHistory.judge(List.of(told), new PoolLedger(written, List.of()))
                .violations()
                .size();
    }

    private static Told died(Certainty certainty) {
        return new Told(1, 1, "ChildDied", certainty, 1);
    }

    @Test
    void eachLieIsSeenAndNoTruthIsTakenForOne() {
        assertEquals(0, faults(new Told(1, 2, "ok", null, 1), "b1", "b2", "e0"));
        assertEquals(0, faults(died(Certainty.MAYBE_EXECUTED), "b1"));
        assertEquals(0, faults(died(Certainty.NOT_EXECUTED)));
        assertEquals(1, faults(died(Certainty.NOT_EXECUTED), "b1"));
        assertEquals(1, faults(new Told(1, 1, "ok", null, 1), "b1"));
        assertEquals(1, faults(new Told(1, 1, "none", null, 0)));
        assertEquals(1, faults(new Told(1, 2, "ok", null, 1), "b1", "b1", "e0"));
        assertEquals(1, faults(new Told(1, 1, "RemoteFailure", Certainty.EXECUTED, 1)));
        assertEquals(2, faults(died(Certainty.MAYBE_EXECUTED), "b1", "b2"));
    }
}
