package dev.streamipc.process;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Waits for the end of a process on a thread of its own: {@code Process.onExit} is served by the common pool, which any
 * parallel stream of the user's can keep busy.
 */
final class ExitWatch {

    private final Process process;
    private final long startNanos = System.nanoTime();
    private final CompletableFuture<Void> exited = new CompletableFuture<>();
    // written once, by the watch's thread, before exited completes
    private volatile long exitNanos;

    ExitWatch(Process process) {
        this.process = process;
    }

    /** Starts the thread; it runs {@code first}, then completes {@link #exited()}. */
    void start(String name, Runnable first) {
        Thread thread = new Thread(() -> watch(first), "streamipc-exit-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    CompletableFuture<Void> exited() {
        return exited;
    }

    Duration uptime() {
        return Duration.ofNanos((exited.isDone() ? exitNanos : System.nanoTime()) - startNanos);
    }

    private void watch(Runnable first) {
        awaitExit();
        exitNanos = System.nanoTime();
        try {
            first.run();
        } finally {
            exited.complete(null);
        }
    }

    /** Nobody else has this thread, so an interrupt means nothing here. */
    private void awaitExit() {
        boolean ended = false;
        while (!ended) {
            try {
                process.waitFor();
                ended = true;
            } catch (InterruptedException e) {
                ended = !process.isAlive();
            }
        }
    }
}
