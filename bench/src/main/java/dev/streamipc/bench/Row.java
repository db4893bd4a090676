package dev.streamipc.bench;

import org.jspecify.annotations.Nullable;

/**
 * One comparison.
 *
 * @param id as in the targets: P1 to P12, with dotted suffixes
 * @param ours the lane that is looked at
 * @param against the lane beside it
 * @param limit stands in the place of a baseline, where there is no lane beside it
 * @param unit of both figures
 * @param quantile of all values of a lane that makes its figure: 0.5 is the median
 * @param target null if none was set
 * @param with the knob that was turned, null if all settings are the default
 */
record Row(
        String id,
        String ours,
        String against,
        double limit,
        String unit,
        double quantile,
        @Nullable Target target,
        @Nullable String with) {

    static final String LIMIT = "limit";

    static Row of(String id, String ours, String against, String unit) {
        return new Row(id, ours, against, Double.NaN, unit, 0.5, null, null);
    }

    /** A row that has a bound in the place of a baseline. */
    static Row within(String id, String ours, double limit, String unit) {
        return new Row(id, ours, LIMIT, limit, unit, 0.5, Target.oursAtMost(limit), null);
    }

    Row target(Target reach) {
        return new Row(id, ours, against, limit, unit, quantile, reach, with);
    }

    Row quantile(double which) {
        return new Row(id, ours, against, limit, unit, which, target, with);
    }

    Row with(String knob) {
        return new Row(id, ours, against, limit, unit, quantile, target, knob);
    }

    boolean hasBaseline() {
        return !against.equals(LIMIT);
    }

    /** What came of it. */
    Figure figure(double[] oursValues, double[] baselineValues) {
        double oursFigure = Numbers.quantile(oursValues, quantile);
        double baseline = hasBaseline() ? Numbers.quantile(baselineValues, quantile) : limit;
        Figure figure = new Figure(id, oursFigure, baseline, unit, against)
                .word("oursSpread", Numbers.spread(oursValues))
                .word("baselineSpread", hasBaseline() ? Numbers.spread(baselineValues) : "-")
                .word("rounds", Integer.toString(oursValues.length));
        if (target != null) {
            figure.word("target", target.toString())
                    .word("verdict", target.isMet(oursFigure, baseline) ? "met" : "MISSED");
        }
        if (with != null) {
            figure.word("with", with);
        }
        figure.values(oursValues, baselineValues);
        return figure;
    }
}
