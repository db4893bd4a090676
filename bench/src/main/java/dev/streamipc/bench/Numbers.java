package dev.streamipc.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;

/** Medians, and numbers as text. */
final class Numbers {

    private static final MathContext SHOWN = new MathContext(4, RoundingMode.HALF_EVEN);

    private Numbers() {}

    /** The middle one; the upper of two. */
    static double median(double[] values) {
        return quantile(values, 0.5);
    }

    static double quantile(double[] values, double quantile) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[Math.min(sorted.length - 1, (int) (sorted.length * quantile))];
    }

    /** Four digits, and all of those before the point. */
    static String text(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.toString(value);
        }
        BigDecimal shown = new BigDecimal(value);
        shown = Math.abs(value) >= 1000 ? shown.setScale(0, RoundingMode.HALF_EVEN) : shown.round(SHOWN);
        return shown.signum() == 0 ? "0" : shown.stripTrailingZeros().toPlainString();
    }

    static String spread(double[] values) {
        return text(Arrays.stream(values).min().orElse(Double.NaN)) + ".."
                + text(Arrays.stream(values).max().orElse(Double.NaN));
    }
}
