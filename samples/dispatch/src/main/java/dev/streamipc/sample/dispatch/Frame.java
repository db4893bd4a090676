package dev.streamipc.sample.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the pools look like in text. */
final class Frame {

    private static final int BAR_CHARS = 20;

    private Frame() {}

    /** Returns all pools with all workers; what does not fit is cut off, of workers with a line that says how many. */
    static List<String> lines(View view, Screen.Size size) {
        List<String> lines = new ArrayList<>();
        lines.add(text("-- pools after %.1f s --", view.seconds()));
        for (View.Pool pool : view.pools()) {
            lines.add(head(pool));
            pool.workers().forEach(worker -> lines.add(row(worker)));
        }
        int most = Math.max(2, size.rows() - 1);
        if (lines.size() > most) {
            int left = lines.size() - most + 1;
            lines.subList(most - 1, lines.size()).clear();
            lines.add("  ... and " + left + " lines more");
        }
        return lines.stream().map(line -> cut(line, size.columns())).toList();
    }

    /** Returns a line of bars alone. */
    static List<String> bars(View view, Screen.Size size) {
        List<String> bars =
                view.pools().stream().map(pool -> bar(pool) + " " + pool.name()).toList();
        return List.of(cut(String.join("  ", bars), size.columns()));
    }

    /** Returns a line for those that have no terminal. */
    static String line(View view) {
        StringBuilder line = new StringBuilder(text("after %.1f s:", view.seconds()));
        for (View.Pool pool : view.pools()) {
            long busy = pool.workers().stream()
                    .filter(worker -> worker.state().equals("BUSY"))
                    .count();
            line.append(text(" %s done=%d/%d", pool.name(), pool.done(), pool.jobs()));
            line.append(text(" perSecond=%.1f queued=%d", pool.perSecond(), pool.queued()));
            line.append(text(" busy=%d/%d restarts=%s;", busy, pool.workers().size(), restarts(pool)));
        }
        return line.substring(0, line.length() - 1);
    }

    private static String head(View.Pool pool) {
        return text(
                "%-9s %s %6.1f/s  queued %-4d restarts %s",
                pool.name(), bar(pool), pool.perSecond(), pool.queued(), restarts(pool));
    }

    private static String row(View.Worker worker) {
        String pid = worker.pid().isPresent() ? "pid " + worker.pid().getAsLong() : "";
        return text(
                        "  %-12s %-9s %-12s %5d done  start %-3d %s",
                        worker.name(), worker.state(), pid, worker.settled(), worker.starts(), worker.task())
                .stripTrailing();
    }

    private static String bar(View.Pool pool) {
        int full = pool.jobs() == 0 ? BAR_CHARS : (int) ((long) BAR_CHARS * pool.done() / pool.jobs());
        return "[" + "#".repeat(full) + ".".repeat(BAR_CHARS - full) + "] " + pool.done() + "/" + pool.jobs();
    }

    private static String restarts(View.Pool pool) {
        long all = pool.restarts().values().stream().mapToLong(Long::longValue).sum();
        return all == 0 ? "0" : all + " " + pool.restarts();
    }

    private static String cut(String line, int columns) {
        String plain = Screen.plain(line);
        return plain.substring(0, Math.min(plain.length(), columns));
    }

    private static String text(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
