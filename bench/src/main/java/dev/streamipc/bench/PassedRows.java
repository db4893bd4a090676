package dev.streamipc.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Rows of a program that measures by itself; its lines are passed on.
 *
 * @param command the program; it prints METRIC and MISSING lines
 * @param prefixes of its ids; the first one names what is missing if it fails
 */
record PassedRows(Command command, List<String> prefixes) {

    /** P5 and what else the program of the Python package tells, and JMH. */
    static List<PassedRows> all(Plan plan) {
        return List.of(
                new PassedRows(Command.of(Command.file("python/run"), plan.name()), List.of("P5", "P3.python")),
                new PassedRows(
                        Command.both(
                                "dev.streamipc.bench.jmh.JmhFigures", plan.name(), Command.file("target/logs/jmh.log")),
                        List.of("jmh")));
    }

    void run(Plan plan, Report report) throws InterruptedException {
        if (prefixes.stream()
                .noneMatch(prefix -> plan.wants(prefix) || plan.filter().startsWith(prefix))) {
            return;
        }
        long start = System.nanoTime();
        String name = prefixes.get(0);
        try {
            Process process = new ProcessBuilder(command.words())
                    .redirectError(Redirect.INHERIT)
                    .start();
            process.getOutputStream().close();
            pass(process, plan, report);
            if (process.waitFor() != 0) {
                report.add(new Missing(name, "-", "its program failed: exit=" + process.exitValue()));
            }
        } catch (IOException e) {
            report.add(new Missing(name, "-", e.getMessage()));
        }
        System.err.println("bench: " + name + ": seconds=" + (System.nanoTime() - start) / 1_000_000_000);
    }

    private static void pass(Process process, Plan plan, Report report) throws IOException {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                pass(line, plan, report);
            }
        }
    }

    private static void pass(String line, Plan plan, Report report) {
        if (line.startsWith(Figure.MARK)) {
            Figure figure = Figure.parse(line);
            if (plan.wants(figure.id)) {
                report.add(figure);
            }
        } else if (line.startsWith(Missing.MARK)) {
            report.add(Missing.parse(line));
        } else {
            System.err.println("bench: " + line);
        }
    }
}
