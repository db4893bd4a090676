package dev.streamipc.session;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.message.ExitReport;
import dev.streamipc.process.ChildProcess;
import dev.streamipc.process.OrphanWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What is at the far end of a session: a channel, and behind it perhaps a process that we can watch and stop.
 *
 * @param process the child, empty for any other channel
 * @param watch set where this process is the child and must not outlive its parent
 */
record OtherEnd(IpcChannel channel, Optional<ChildProcess> process, Optional<OrphanWatch> watch) {

    private static final long CLOSE_WAIT_MILLIS = 500;

    /** The parent has closed its stream without a goodbye: this process is on its way out. */
    void inputEnded() {
        watch.ifPresent(OrphanWatch::inputEnded);
    }

    /** The two sides parted in order. */
    void parted() {
        watch.ifPresent(OrphanWatch::disarm);
    }

    /** Waits for the process to exit; false if there is none, or it lives. */
    boolean awaitExit(long nanos) {
        if (process.isEmpty()) {
            return false;
        }
        try {
            process.get().exited().get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException | ExecutionException alive) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    ExitReport report(long messagesServed, int callsInFlight) {
        return process.orElseThrow().report(messagesServed, callsInFlight);
    }

    /** Stops the process if it is ours, and releases the channel. Blocks: by the stop ladder's bound, and by the close. */
    void release(Duration drain) {
        process.filter(ChildProcess::owned).ifPresent(child -> child.stop(drain));
        Thread closer = new Thread(this::close, "streamipc-close");
        closer.setDaemon(true);
        closer.start();
        try {
            closer.join(CLOSE_WAIT_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Hangs behind a blocked write to a process that is not ours to stop, until that goes on. */
    private void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            SessionLog.LOG.debug("channel close failed", failure);
        }
    }
}
