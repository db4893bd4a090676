package dev.streamipc.bench;

import java.util.Locale;

/**
 * What a row is to reach.
 *
 * @param of what is compared with the bound
 * @param isUpper whether the bound may not be passed; else it has to be reached
 * @param bound the bound
 */
record Target(Of of, boolean isUpper, double bound) {

    /** What is looked at. */
    enum Of {
        RATIO,
        OURS
    }

    static Target ratioAtMost(double bound) {
        return new Target(Of.RATIO, true, bound);
    }

    static Target ratioAtLeast(double bound) {
        return new Target(Of.RATIO, false, bound);
    }

    static Target oursAtMost(double bound) {
        return new Target(Of.OURS, true, bound);
    }

    static Target oursAtLeast(double bound) {
        return new Target(Of.OURS, false, bound);
    }

    boolean isMet(double ours, double baseline) {
        double found = of == Of.RATIO ? ours / baseline : ours;
        return isUpper ? found <= bound : found >= bound;
    }

    /** One word. */
    @Override
    public String toString() {
        return of.name().toLowerCase(Locale.ROOT) + (isUpper ? "<=" : ">=") + Numbers.text(bound);
    }
}
