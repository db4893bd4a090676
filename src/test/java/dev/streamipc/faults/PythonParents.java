package dev.streamipc.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Python processes that play the cases of a row as parents, see {@code parent.py}. Each plays one at a time, so that what
 * a case leaves behind in it is seen at once, and is used for many. For any thread.
 */
final class PythonParents implements AutoCloseable {

    private static final long END_SECONDS = 20;

    private final Queue<Player> idle = new ConcurrentLinkedQueue<>();
    private final Queue<Player> all = new ConcurrentLinkedQueue<>();

    /** Plays one case in the next process that has nothing to do. */
    Matrix.Trial trial(String row, Combo combo, int number) {
        return evidence -> {
            Player player = idle.poll();
            if (player == null) {
                player = new Player();
                all.add(player);
            }
            evidence.takeIn(player.play(row, combo, number));
            idle.add(player);
        };
    }

    /** Ends the processes; each of them has to end well. */
    @Override
    public void close() throws IOException {
        for (Player player : all) {
            try {
                player.end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    private static final class Player {

        private final Path folder = Launchpad.caseFolder();
        private final Path stderr = folder.resolve("stderr");
        private final Process process;
        private final OutputStream cases;
        private final BufferedReader seen;

        Player() throws IOException {
            ProcessBuilder builder = Launchpad.builder(Launchpad.pythonParent("play"), folder);
            // so that a temporary file that is left behind can only be its own
            builder.environment()
                    .put("TMPDIR", Files.createDirectory(folder.resolve("tmp")).toString());
            process = builder.redirectError(stderr.toFile()).start();
            cases = process.getOutputStream();
            seen = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        Map<String, Object> play(String row, Combo combo, int number) throws IOException {
            Path stage = Files.createDirectory(folder.resolve("case"));
            Map<String, Object> order = new LinkedHashMap<>();
            order.put("row", row);
            order.put("number", number);
            order.put("column", combo.ordinal());
            order.put("folder", stage.toString());
            order.put("child", combo.child());
            order.put("words", Launchpad.words(combo, stage, "", options(row)));
            cases.write((Lines.text(order) + "\n").getBytes(StandardCharsets.UTF_8));
            cases.flush();
            String line = seen.readLine();
            if (line == null) {
                throw new AssertionError("the Python parent is gone: row=" + row + ", case=" + number + ", stderr="
                        + Files.readString(stderr));
            }
            Launchpad.delete(stage);
            return Lines.facts(line);
        }

        private static String[] options(String row) {
            return row.startsWith("harm.") ? new String[] {"-Xmx32m"} : new String[0];
        }

        void end() throws IOException, InterruptedException {
            try {
                cases.close();
            } catch (IOException gone) {
                // it shows in the exit code
            }
            boolean ended = process.waitFor(END_SECONDS, TimeUnit.SECONDS);
            String told = Files.readString(stderr);
            process.destroyForcibly().waitFor();
            seen.close();
            Launchpad.delete(folder);
            if (!ended || process.exitValue() != 0) {
                throw new AssertionError("the Python parent did not end well: ended=" + ended + ", exitCode="
                        + process.exitValue() + ", stderr=" + List.of(told));
            }
        }
    }
}
