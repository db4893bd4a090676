package dev.streamipc.faults;

import java.util.List;

/**
 * A fault that is made again and again.
 *
 * @param group the head of its table
 * @param id in words with a dot, such as {@code kill.handler-running}
 * @param what the fault in a few words
 * @param combos each of them runs all cases
 * @param verifyCases per combo, with every build
 * @param nightCases per combo, at night
 */
public record Row(String group, String id, String what, List<Combo> combos, int verifyCases, int nightCases) {

    /** Copies the combos. */
    public Row {
        combos = List.copyOf(combos);
    }

    /** Returns how many cases a combo has to run. */
    public int cases(Profile profile) {
        return profile == Profile.NIGHT ? nightCases : verifyCases;
    }

    /**
     * Returns how many cases this combo has to run: with every build, one over a socket, over memory or low in latency for
     * all that are run over stdio, and with a Python parent one of each JVM child, and of a Python child one in each of the
     * two ways of some rows. Low latency over memory is left to the night, and all of it where a row has one case.
     */
    public int cases(Profile profile, Combo combo) {
        if (profile == Profile.NIGHT) {
            return nightCases;
        }
        if (combo.isLowLatency() && (combo.isOverMemory() || verifyCases == 1)) {
            return 0;
        }
        boolean once = combo.isOverSocket()
                || combo.isLowLatency()
                || (combo.isOfPython() && combo.child().equals("java"));
        int most = combo.isOfPython() ? 2 : verifyCases;
        return Math.min(once ? 1 : most, verifyCases);
    }

    /** Returns how many cases all combos together have to run. */
    public int allCases(Profile profile) {
        return combos.stream().mapToInt(combo -> cases(profile, combo)).sum();
    }
}
