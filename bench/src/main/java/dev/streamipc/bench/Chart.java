package dev.streamipc.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Bars, one below the other, as SVG that is readable on light and on dark ground. */
final class Chart {

    private static final int WIDTH = 840;
    private static final int LABEL_WIDTH = 260;
    private static final int VALUE_WIDTH = 110;
    private static final int BAR_HEIGHT = 18;
    private static final int STEP = 26;
    private static final int TOP = 58;
    private static final String STYLE = """
            <style>
              text { font: 13px system-ui, sans-serif; fill: #1f2328; }
              .title { font-size: 15px; font-weight: 600; }
              .note { fill: #59636e; font-size: 12px; }
              .ours { fill: #0969da; }
              .other { fill: #9aa4af; }
              .axis { stroke: #d1d9e0; stroke-width: 1; }
              @media (prefers-color-scheme: dark) {
                text { fill: #f0f6fc; }
                .note { fill: #9198a1; }
                .ours { fill: #4493f8; }
                .other { fill: #656c76; }
                .axis { stroke: #3d444d; }
              }
            </style>
            """;

    private final String title;
    private final String note;
    private final boolean isLog;
    private final List<Bar> bars = new ArrayList<>();

    private record Bar(String label, double value, String text, boolean isOurs) {}

    Chart(String title, String note, boolean isLog) {
        this.title = title;
        this.note = note;
        this.isLog = isLog;
    }

    void bar(String label, double value, String unit, boolean isOurs) {
        bars.add(new Bar(label, value, Numbers.text(value) + " " + unit, isOurs));
    }

    boolean isEmpty() {
        return bars.isEmpty();
    }

    String svg() {
        int height = TOP + bars.size() * STEP + 8;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
                WIDTH,
                height,
                escaped(title)));
        svg.append(STYLE);
        text(svg, 8, 22, "title", title);
        text(svg, 8, 42, "note", note + (isLog ? " Logarithmic: each mark is ten times the last." : ""));
        if (isLog) {
            marks(svg, height);
        }
        for (int at = 0; at < bars.size(); at++) {
            draw(svg, bars.get(at), TOP + at * STEP);
        }
        return svg.append("</svg>\n").toString();
    }

    private void draw(StringBuilder svg, Bar bar, int y) {
        double width = Math.max(2, share(bar.value) * span());
        text(svg, 8, y + 14, "", bar.label);
        svg.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>%n",
                bar.isOurs ? "ours" : "other",
                LABEL_WIDTH,
                y,
                width,
                BAR_HEIGHT));
        text(svg, LABEL_WIDTH + (int) width + 6, y + 14, "", bar.text);
    }

    private void marks(StringBuilder svg, int height) {
        for (double at = floor(); at <= highest(); at *= 10) {
            int x = LABEL_WIDTH + (int) (share(at) * span());
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>%n",
                    x,
                    TOP - 6,
                    x,
                    height - 4));
        }
    }

    private static int span() {
        return WIDTH - LABEL_WIDTH - VALUE_WIDTH;
    }

    private double share(double value) {
        return isLog ? Math.log(value / floor()) / Math.log(highest() / floor()) : value / highest();
    }

    private double highest() {
        return bars.stream().mapToDouble(Bar::value).max().orElse(1);
    }

    /** A power of ten below all bars. */
    private double floor() {
        double lowest = bars.stream().mapToDouble(Bar::value).min().orElse(1);
        return Math.pow(10, Math.floor(Math.log10(lowest * 0.999)));
    }

    private static void text(StringBuilder svg, int x, int y, String style, String words) {
        svg.append(String.format(
                Locale.ROOT, "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n", style, x, y, escaped(words)));
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
