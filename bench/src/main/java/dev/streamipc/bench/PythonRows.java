package dev.streamipc.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** P5, and what else bench/python/run tells: a program of its own, whose lines are passed on. */
final class PythonRows {

    private static final List<String> PREFIXES = List.of("P5", "P3.python");

    private PythonRows() {}

    static void run(Plan plan, Report report) throws InterruptedException {
        if (PREFIXES.stream()
                .noneMatch(prefix -> plan.wants(prefix) || plan.filter().startsWith(prefix))) {
            return;
        }
        try {
            Process process = new ProcessBuilder(Command.file("python/run"), plan.name())
                    .redirectError(Redirect.INHERIT)
                    .start();
            process.getOutputStream().close();
            pass(process, plan, report);
            if (process.waitFor() != 0) {
                report.add(new Missing(
                        "P5", "multiprocessing.Pipe", "bench/python/run ended with " + process.exitValue()));
            }
        } catch (IOException e) {
            report.add(new Missing("P5", "multiprocessing.Pipe", e.getMessage()));
        }
    }

    private static void pass(Process process, Plan plan, Report report) throws IOException {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (!line.startsWith(Figure.MARK)) {
                    System.err.println("bench: python: " + line);
                } else if (plan.wants(Figure.parse(line).id)) {
                    report.add(Figure.parse(line));
                }
            }
        }
    }
}
