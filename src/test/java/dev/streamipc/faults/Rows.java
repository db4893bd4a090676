package dev.streamipc.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Plays all cases of a row, a few at a time, and then looks for what was left behind. */
final class Rows {

    private static final int AT_ONCE = Profile.current() == Profile.NIGHT ? 2 : 3;

    /** For rows whose cases wait more than they work: one of each combo. */
    static final int MANY_AT_ONCE = 16;

    private final Matrix matrix;

    /** One case of a row. */
    @FunctionalInterface
    interface Scenario {
        void play(Stage stage) throws Exception;
    }

    Rows(Class<?> test) {
        this.matrix = Matrix.of(test);
    }

    void play(String row, Scenario scenario) throws Exception {
        play(row, AT_ONCE, scenario);
    }

    void play(String row, int atOnce, Scenario scenario) throws Exception {
        PythonParents pythons = new PythonParents();
        Trials trials = (combo, number) ->
                combo.isOfPython() ? pythons.trial(row, combo, number) : trialOf(scenario, combo, number);
        playAll(row, atOnce, trials, pythons);
    }

    private static Matrix.Trial trialOf(Scenario scenario, Combo combo, int number) {
        return evidence -> {
            try (Stage stage = new Stage(combo, number, evidence)) {
                scenario.play(stage);
            }
        };
    }

    /** Makes a trial for a combo and a number. */
    @FunctionalInterface
    interface Trials {
        Matrix.Trial of(Combo combo, int number);
    }

    void playRaw(String row, int atOnce, Trials trials) throws Exception {
        playAll(row, atOnce, trials, () -> {});
    }

    private void playAll(String row, int atOnce, Trials trials, AutoCloseable behind) throws Exception {
        Leftovers before = Leftovers.now();
        ExecutorService pool = Executors.newFixedThreadPool(atOnce);
        try {
            List<Future<?>> cases = new ArrayList<>();
            for (int number = 1; number <= Plan.row(row).cases(Profile.current()); number++) {
                int each = number;
                for (Combo combo : Plan.row(row).combos()) {
                    if (Columns.isChosen(combo) && each <= Plan.row(row).cases(Profile.current(), combo)) {
                        cases.add(pool.submit(() -> {
                            matrix.run(row, combo, each, trials.of(combo, each));
                            return null;
                        }));
                    }
                }
            }
            awaitAll(cases);
        } finally {
            pool.shutdownNow();
            behind.close();
            matrix.after(row, before.left());
        }
    }

    private static void awaitAll(List<Future<?>> cases) throws Exception {
        List<Throwable> failures = new ArrayList<>();
        for (Future<?> each : cases) {
            try {
                each.get();
            } catch (ExecutionException failed) {
                failures.add(failed.getCause());
            }
        }
        if (!failures.isEmpty()) {
            AssertionError all = new AssertionError(failures.size() + " cases failed, first: " + failures.get(0));
            failures.forEach(all::addSuppressed);
            throw all;
        }
    }
}
