package dev.streamipc.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two runs are compared, and a planted slowdown is named. */
final class CompareTest {

    private static final double[] BASELINE = {10, 11, 9, 10, 10.5};
    private static final double[] OURS = {20, 22.5, 18.5, 21, 20};

    @Test
    void theSameRunIsNotWorse() {
        assertEquals(List.of(), Compare.worse(run("bench/run quick", 1), run("bench/run quick", 1)));
    }

    @Test
    void aPlantedSlowdownIsNamed() {
        List<String> worse = Compare.worse(run("bench/run quick", 1), run("bench/run quick", 1.5));

        assertEquals(2, worse.size(), worse.toString());
        assertTrue(worse.get(0).startsWith("P1.reader.onecore: 2 (1.905 to 2.1) before, 3 ("), worse.toString());
        assertTrue(worse.get(1).startsWith("P2.lsp4j: "), worse.toString());
    }

    @Test
    void aGainIsNotNamed() {
        assertEquals(List.of(), Compare.worse(run("bench/run quick", 1.5), run("bench/run quick", 1)));
    }

    @Test
    void aSlowerMachineIsNoSlowerLibrary() {
        Results slow = results("bench/run quick");
        slow.report().figures.add(figure("P1.reader.onecore", "us", times(OURS, 3), times(BASELINE, 3)));

        Results old = results("bench/run quick");
        old.report().figures.add(figure("P1.reader.onecore", "us", OURS, BASELINE));

        assertEquals(List.of(), Compare.worse(old, slow));
    }

    @Test
    void whatScattersSoMuchIsNotNamed() {
        assertEquals(List.of(), Compare.worse(run("bench/run quick", 1), run("bench/run quick", 1.04)));
    }

    @Test
    void aChangeOfSomePercentIsNotNamedThoughNothingScatters() {
        Results old = results("bench/run quick");
        old.report().figures.add(Row.within("P11.heap", "session", 65_536, "B").figure(new double[] {1_000}, OURS));
        Results now = results("bench/run quick");
        now.report().figures.add(Row.within("P11.heap", "session", 65_536, "B").figure(new double[] {1_090}, OURS));

        assertEquals(List.of(), Compare.worse(old, now));
    }

    @Test
    void aRowThatIsGoneIsNamedUnlessItWasNotAskedFor() {
        assertEquals(
                List.of("P2.lsp4j: it was measured before, and is missing now"),
                Compare.worse(run("bench/run quick", 1), onlyFirst("bench/run quick")));
        assertEquals(List.of(), Compare.worse(run("bench/run quick", 1), onlyFirst("bench/run quick P1")));
    }

    private static Results onlyFirst(String command) {
        Results run = run(command, 1);
        run.report().figures.remove(1);
        return run;
    }

    /** One figure of which less is better, and one of which more is. */
    private static Results run(String command, double slower) {
        Results run = results(command);
        run.report().figures.add(figure("P1.reader.onecore", "us", times(OURS, slower), BASELINE));
        run.report().figures.add(figure("P2.lsp4j", "req/s", times(OURS, 1 / slower), BASELINE));
        return run;
    }

    private static Results results(String command) {
        return new Results("2026-11-22", command, Map.of(), new Report());
    }

    private static Figure figure(String id, String unit, double[] ours, double[] baseline) {
        return Row.of(id, "ours", "theirs", unit).figure(ours, baseline);
    }

    private static double[] times(double[] values, double factor) {
        return java.util.Arrays.stream(values).map(value -> value * factor).toArray();
    }
}
