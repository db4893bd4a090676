package dev.streamipc.process;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Drains a child's stderr from its start to its end, whatever happens to the lines: a child whose stderr nobody reads
 * stops at its 65th KiB.
 */
final class StderrPump {

    private static final int CHUNK_BYTES = 8_192;

    private final InputStream stderr;
    private final Consumer<String> sink;
    private final LineRing ring = new LineRing();
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * Makes a pump that stands still.
     *
     * @param sink takes each line, on the pump's thread; what it throws goes into the ring
     */
    StderrPump(InputStream stderr, Consumer<String> sink) {
        this.stderr = stderr;
        this.sink = sink;
    }

    void start(String threadName) {
        Thread thread = new Thread(this::drain, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    List<String> lastLines() {
        return ring.snapshot();
    }

    /** Waits until stderr has ended; a grandchild that holds it can make that never. An interrupt ends the wait. */
    boolean awaitEnd(Duration limit) {
        try {
            return ended.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void drain() {
        LineCutter cutter = new LineCutter(this::hand);
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            for (int count = stderr.read(chunk); count >= 0; count = stderr.read(chunk)) {
                cutter.accept(chunk, count);
            }
        } catch (IOException e) {
            // Closed by the release behind a stop, or by the owner of an adopted process.
            ring.add("(stderr ended: " + e.getMessage() + ")");
        } finally {
            cutter.end();
            ended.countDown();
        }
    }

    private void hand(String line) {
        ring.add(line);
        try {
            sink.accept(line);
        } catch (RuntimeException e) {
            ring.add("(the line above could not be logged: " + e + ")");
        }
    }
}
