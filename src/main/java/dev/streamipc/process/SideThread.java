package dev.streamipc.process;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what may block for as long as the other side likes, such as the close of a pipe whose writer is blocked. */
final class SideThread {

    private static final Logger LOG = LoggerFactory.getLogger(SideThread.class);

    private SideThread() {}

    /** Returns at once; the future completes, never with a failure, when the action is over. */
    static CompletableFuture<Void> run(String name, Closeable action) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Thread thread = new Thread(() -> perform(name, action, over), "streamipc-side-" + name);
        thread.setDaemon(true);
        thread.start();
        return over;
    }

    private static void perform(String name, Closeable action, CompletableFuture<Void> over) {
        try {
            action.close();
        } catch (IOException | RuntimeException e) {
            // A pipe whose other end is gone can't be flushed: no news to anybody who ends a process.
            LOG.debug("{} close failed", name, e);
        } finally {
            over.complete(null);
        }
    }
}
