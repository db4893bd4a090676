package dev.streamipc.sample.dispatch;

import dev.streamipc.message.RemoteFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The rows of a CSV, each scored by a task of its own. */
final class Scores {

    private static final int ROWS = 400;
    private static final String HEADER = "rooms,squareMetres,ageYears";

    private final Path out;
    private final List<String> rows;
    private final List<CompletableFuture<Double>> tasks = new ArrayList<>();
    private int refused;
    private int otherFailures;

    private Scores(Path out, List<String> rows) {
        this.out = out;
        this.rows = rows;
    }

    /** Writes the input, with one row that makes no sense, and reads it. */
    static Scores of(Path folder) throws IOException {
        Path input = folder.resolve("flats.csv");
        List<String> lines = new ArrayList<>(List.of(HEADER));
        Random random = new Random(7);
        for (int i = 0; i < ROWS; i++) {
            int rooms = i == ROWS / 2 ? 0 : 1 + random.nextInt(6);
            lines.add(rooms + "," + (20 + random.nextInt(150)) + ".5," + random.nextInt(120));
        }
        Files.write(input, lines);
        List<String> read = Files.readAllLines(input);
        return new Scores(folder.resolve("scores.csv"), read.subList(1, read.size()));
    }

    int count() {
        return rows.size();
    }

    void submit(Jobs jobs) {
        for (String row : rows) {
            String[] cells = row.split(",");
            tasks.add(jobs.counted(jobs.pool()
                    .call(
                            "score",
                            Double.class,
                            Integer.valueOf(cells[0]),
                            Double.valueOf(cells[1]),
                            Integer.valueOf(cells[2]))));
        }
    }

    /** Waits for all and writes the result; returns what is to be told. */
    List<String> await() throws IOException {
        List<String> lines = new ArrayList<>(List.of(HEADER + ",score,error"));
        List<String> told = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            try {
                lines.add(rows.get(i) + "," + tasks.get(i).join() + ",");
            } catch (CompletionException failed) {
                String why = why(failed.getCause());
                lines.add(rows.get(i) + ",,\"" + why.replace("\"", "\"\"") + "\"");
                told.add("  refused: row " + (i + 1) + ": " + why);
            }
        }
        Files.write(out, lines);
        told.add(0, "scores: scored=" + (rows.size() - told.size()) + ", refused=" + refused + ", into=" + out);
        return told;
    }

    private String why(Throwable failure) {
        if (failure instanceof RemoteFailure remote) {
            refused++;
            return remote.remoteType() + ": " + remote.remoteMessage();
        }
        otherFailures++;
        return String.valueOf(failure);
    }

    /** Returns whether each was scored, or makes no sense. */
    boolean isAsItShould() {
        return otherFailures == 0;
    }
}
