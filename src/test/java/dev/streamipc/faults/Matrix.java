package dev.streamipc.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs the cases of a test class and records each in a line of JSON. At night a case that has been recorded before, by
 * the same feature version of Java, is not run again. For any thread.
 */
public final class Matrix {

    static final int JDK = Runtime.version().feature();
    static final String RUN = System.getProperty("streamipc.run", "");
    private static final String COMMAND = System.getProperty("streamipc.command", "a single test class");

    private final Path file;
    private final Set<String> recorded = ConcurrentHashMap.newKeySet();

    /** A fault and what is looked at behind it. */
    @FunctionalInterface
    public interface Trial {
        /** Makes the fault and keeps what is seen; whatever it throws is a violation. */
        void run(Evidence evidence) throws Exception;
    }

    private Matrix(Path file) {
        this.file = file;
    }

    /** Opens the record of a test class. */
    public static Matrix of(Class<?> test) {
        ProcessHandle jvm = ProcessHandle.current();
        String name = test.getSimpleName() + "-" + JDK + "-" + jvm.pid() + "-" + System.nanoTime() + ".jsonl";
        Matrix matrix = new Matrix(Lines.FOLDER.resolve(name));
        matrix.append(machine());
        if (Profile.current() == Profile.NIGHT) {
            matrix.recallAll();
        }
        return matrix;
    }

    private void recallAll() {
        try {
            for (Case line : Case.all(Lines.read(Lines.FOLDER))) {
                if (line.jdk() == JDK && line.profile().equals(Profile.NIGHT.label())) {
                    recorded.add(line.key());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs all cases that a row wants of a combo in this profile, numbered from 1. */
    public void runAll(String row, Combo combo, Trial trial) throws Exception {
        for (int number = 1; number <= Plan.row(row).cases(Profile.current()); number++) {
            run(row, combo, number, trial);
        }
    }

    /** Runs one case and records it, also if it fails; throws if it does. */
    public void run(String row, Combo combo, int number, Trial trial) throws Exception {
        if (isPlanned(row, combo) && !recorded.contains(Case.key(row, combo.label(), number))) {
            record(new Case.Id(row, combo, number), 1, trial);
        }
    }

    /**
     * Runs as many cases at once as the row wants of the combo, and records them in one line: for cases so cheap that a
     * line for each would be most of the work.
     */
    public void runAtOnce(String row, Combo combo, Trial trial) throws Exception {
        if (isPlanned(row, combo) && !recorded.contains(Case.key(row, combo.label(), 1))) {
            record(new Case.Id(row, combo, 1), Plan.row(row).cases(Profile.current()), trial);
        }
    }

    private static boolean isPlanned(String row, Combo combo) {
        if (!Plan.row(row).combos().contains(combo)) {
            throw new AssertionError("not in the plan: row=" + row + ", combo=" + combo.label());
        }
        return true;
    }

    private void record(Case.Id id, int cases, Trial trial) throws Exception {
        Evidence evidence = new Evidence();
        try {
            trial.run(evidence);
            evidence.require(evidence.isProven(), "no proof that the fault happened");
        } catch (Exception | Error e) {
            evidence.violation("threw " + e);
            throw e;
        } finally {
            append(id.toJson(cases, evidence));
            recorded.add(Case.key(id.row(), id.combo().label(), id.number()));
        }
        if (!evidence.violations().isEmpty()) {
            throw new AssertionError(id + ": " + evidence.violations());
        }
    }

    /** Records what was seen after the last case of a row: threads, processes, descriptors, files that were left. */
    public void after(String row, List<String> violations) {
        append(Map.of("after", row, "violations", violations));
        if (!violations.isEmpty()) {
            throw new AssertionError(row + ": " + violations);
        }
    }

    /** Records a figure for the document; of several with one name the last stands. */
    public void figure(String name, Object value, String unit) {
        append(Map.of("figure", name, "value", value, "unit", unit));
    }

    private void append(Map<String, ?> facts) {
        Map<String, Object> line = new LinkedHashMap<>(facts);
        line.put("jdk", JDK);
        line.put("profile", Profile.current().label());
        line.put("run", RUN);
        line.put("at", Instant.now().truncatedTo(ChronoUnit.MICROS).toString());
        synchronized (this) {
            Lines.append(file, line);
        }
    }

    private static Map<String, Object> machine() {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("machine", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        machine.put("memoryMiB", memoryMebibytes());
        machine.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        machine.put("command", COMMAND);
        return machine;
    }

    private static long memoryMebibytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize() >> 20
                : 0;
    }
}
