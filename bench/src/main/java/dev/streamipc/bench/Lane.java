package dev.streamipc.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** This end of a side: a line there asks for a round, a line back tells what it measured. */
final class Lane implements AutoCloseable {

    private static final int START_SECONDS = 60;
    private static final int ROUND_SECONDS = 60;
    private static final String GONE = "gone";

    final String name;
    private final Process process;
    private final OutputStream in;
    private final Path log;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private double[] values = {};

    /** Starts the side, and waits until it is warm. */
    Lane(String name, Command command, Plan plan) throws IOException, InterruptedException {
        this.name = name;
        this.log = Files.createDirectories(Path.of(Command.file("target/logs"))).resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command.words()).redirectError(Redirect.to(log.toFile()));
        builder.environment().put("BENCH_MILLIS", Integer.toString(plan.roundMillis()));
        builder.environment().putAll(command.environment());
        this.process = builder.start();
        this.in = process.getOutputStream();
        Thread reader = new Thread(this::read, "bench-" + name);
        reader.setDaemon(true);
        reader.start();
        try {
            require("READY", next(START_SECONDS));
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private void read() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add(GONE + " " + e);
        }
        lines.add(GONE);
    }

    /** Has the side measure once, and keeps what it tells. */
    void round() throws IOException, InterruptedException {
        in.write("go\n".getBytes(StandardCharsets.UTF_8));
        in.flush();
        String line = next(ROUND_SECONDS);
        try {
            double[] more = Arrays.stream(line.split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            double[] all = Arrays.copyOf(values, values.length + more.length);
            System.arraycopy(more, 0, all, values.length, more.length);
            values = all;
        } catch (NumberFormatException e) {
            throw new IOException(why(line), e);
        }
    }

    double[] values() {
        return values;
    }

    private String next(int seconds) throws IOException, InterruptedException {
        String line = lines.poll(seconds, TimeUnit.SECONDS);
        if (line == null) {
            throw new IOException("no answer in " + seconds + " s" + lastWords());
        }
        return line;
    }

    private void require(String expected, String line) throws IOException {
        if (!line.equals(expected)) {
            throw new IOException(why(line));
        }
    }

    private String why(String line) {
        return line.startsWith(GONE) ? "it ended" + lastWords() : line;
    }

    /** What stands last in its log and is not the frame of a stack. */
    private String lastWords() {
        try {
            List<String> said = new ArrayList<>(Files.readAllLines(log));
            said.removeIf(line -> line.isBlank()
                    || line.strip().startsWith("at ")
                    || line.strip().startsWith("..."));
            return said.isEmpty() ? "" : ": " + said.get(said.size() - 1).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** The end of its stdin tells a side to end. */
    @Override
    public void close() {
        try {
            in.close();
            if (process.waitFor(10, TimeUnit.SECONDS)) {
                return;
            }
        } catch (IOException e) {
            System.err.println("bench: " + name + " did not take its end: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
