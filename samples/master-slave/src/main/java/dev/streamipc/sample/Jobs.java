package dev.streamipc.sample;

import dev.streamipc.message.ExitReport;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What is to be done, and what came out. All but {@link #say} is for one thread. */
final class Jobs {

    private static final int ALL_FOUND = 0;
    private static final int SOME_FAILED = 1;
    private static final int NO_START = 2;
    private static final int NO_SLAVE_LEFT = 3;
    private static final int END_LIMIT_SECONDS = 10;
    private static final double NANOS_IN_SECOND = 1e9;

    private final long startNanos = System.nanoTime();
    private final Arguments arguments;
    private final Screen screen;
    private final String prefix;
    private final Deque<FileName> todo;
    private final List<Row> rows;
    private final Map<String, Integer> filesBySlave = new LinkedHashMap<>();
    private final int total;
    private int foundFiles;
    private long foundBytes;

    private Jobs(Arguments arguments, Walk walk) {
        this.arguments = arguments;
        this.screen = new Screen(arguments.bar());
        String root = arguments.root().toString();
        this.prefix = root.endsWith("/") ? root : root + "/";
        this.todo = new ArrayDeque<>(walk.files());
        this.rows = new ArrayList<>(walk.errors());
        this.total = rows.size() + todo.size();
    }

    /** Looks for the files; exits with 2 if the folder can't be listed. */
    static Jobs orExit(Arguments arguments) {
        try {
            return new Jobs(arguments, Walk.of(arguments.root()));
        } catch (IOException closed) {
            System.err.println("run: DIR can't be listed: " + Escapes.controls(closed.toString()));
            System.exit(NO_START);
            throw new IllegalStateException(closed);
        }
    }

    boolean isEmpty() {
        return todo.isEmpty();
    }

    FileRequest next() {
        return new FileRequest(prefix + todo.remove().text());
    }

    /** Names a slave that the last line is to tell of, whatever it does. */
    void expect(String slave) {
        filesBySlave.put(slave, 0);
    }

    void found(String slave, FileResponse answer) {
        rows.add(Row.found(name(answer.path()), answer, slave));
        filesBySlave.merge(slave, 1, Integer::sum);
        foundFiles++;
        foundBytes += answer.bytes();
        screen.progress(rows.size(), total);
    }

    void failed(FileRequest job, String error) {
        rows.add(Row.failed(name(job.path()), error));
        screen.progress(rows.size(), total);
    }

    /** Takes a job back: it is the next one. */
    void again(FileRequest job, String why) {
        say(why);
        todo.addFirst(name(job.path()));
    }

    private FileName name(String path) {
        return FileName.of(path.substring(prefix.length()));
    }

    /** Waits for the end of a slave that was told to end; says so if it does not, or not with 0. */
    void awaitEnd(String slave, CompletableFuture<ExitReport> exited) {
        String trouble = exited.thenApply(exit -> exit.exitCode().orElse(-1) == 0 ? "" : exit.summary())
                .completeOnTimeout("it is still there", END_LIMIT_SECONDS, TimeUnit.SECONDS)
                .join();
        if (!trouble.isEmpty()) {
            say(slave + " did not end well: " + trouble);
        }
    }

    /** Prints a line to stderr. For all threads. */
    void say(String line) {
        screen.say(line);
    }

    /** Prints all rows, then the last line of stderr; returns the status to exit with. */
    int print() {
        int undone = todo.size();
        todo.forEach(file -> rows.add(Row.failed(file, "no slave is left to read it")));
        rows.sort(Comparator.comparing(Row::name));
        screen.end();
        if (undone > 0) {
            say("run: no slave is left: undoneFiles=" + undone);
        }
        boolean printed = printRows();
        say(lastLine());
        return undone > 0 ? NO_SLAVE_LEFT : printed && foundFiles == total ? ALL_FOUND : SOME_FAILED;
    }

    private boolean printRows() {
        try {
            new Output(rows).print(arguments.json());
            return true;
        } catch (IOException closed) {
            say("run: stdout can't be written: cause=" + closed.getMessage());
            return false;
        }
    }

    private String lastLine() {
        StringBuilder line = new StringBuilder();
        line.append("files=").append(foundFiles);
        line.append(" errors=").append(total - foundFiles);
        line.append(" bytes=").append(foundBytes);
        double seconds = (System.nanoTime() - startNanos) / NANOS_IN_SECOND;
        line.append(String.format(Locale.ROOT, " seconds=%.3f", seconds));
        filesBySlave.forEach(
                (slave, files) -> line.append(' ').append(slave).append('=').append(files));
        return line.toString();
    }
}
