package dev.streamipc.bench;

import java.util.Arrays;

/**
 * What the rounds of a figure say: its ratio to the baseline of the same round, so that a machine that changes its pace changes
 * nothing; where there is no baseline, the figure itself.
 *
 * @param low the lowest round; of ten and more the lowest but a tenth
 * @param middle the figure
 * @param high the highest round; of ten and more the highest but a tenth
 */
record Span(double low, double middle, double high) {

    private static final int MANY = 10;
    private static final double EDGE = 0.1;
    /** Two starts of the same program differ by some percent in all their rounds: compilers decide otherwise. */
    private static final double LEAST_CHANGE = 0.1;

    static Span of(Figure figure) {
        double[] values = compared(figure);
        double edge = values.length >= MANY ? EDGE : 0;
        double middle = figure.against.equals(Row.LIMIT) ? figure.ours : figure.ratio();
        return new Span(
                Math.min(middle, Numbers.quantile(values, edge)),
                middle,
                Math.max(middle, Numbers.quantile(values, Math.min(1 - edge, 0.999))));
    }

    private static double[] compared(Figure figure) {
        double[] ours = figure.oursValues.length > 0 ? figure.oursValues : ends(figure.word("oursSpread"), figure.ours);
        if (figure.against.equals(Row.LIMIT)) {
            return ours;
        }
        double[] ratios = ours.clone();
        boolean isRoundByRound = figure.baselineValues.length == ours.length;
        for (int at = 0; at < ratios.length; at++) {
            ratios[at] /= isRoundByRound ? figure.baselineValues[at] : figure.baseline;
        }
        return ratios;
    }

    /** Of "1.5..2": all that a program tells of its rounds. */
    private static double[] ends(String spread, double other) {
        String[] ends = spread.split("\\.\\.");
        return ends.length == 2
                ? Arrays.stream(ends).mapToDouble(Double::parseDouble).toArray()
                : new double[] {other};
    }

    /** Whether all of this lies on the bad side of all of the other, and its middle by more than a tenth. */
    boolean isWorseThan(Span other, boolean moreIsBetter) {
        return moreIsBetter
                ? high < other.low && middle < other.middle * (1 - LEAST_CHANGE)
                : low > other.high && middle > other.middle * (1 + LEAST_CHANGE);
    }

    @Override
    public String toString() {
        return Numbers.text(middle) + " (" + Numbers.text(low) + " to " + Numbers.text(high) + ")";
    }
}
