package dev.streamipc.session;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.message.ExitReport;
import dev.streamipc.process.ChildProcess;
import dev.streamipc.process.OrphanWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * The far end of a session in this JVM: a channel, and behind it perhaps a process that we can watch and stop.
 *
 * @param process the child, empty for any other channel
 * @param watch set where this process is the child and must not outlive its parent
 */
record WatchedEnd(IpcChannel channel, Optional<ChildProcess> process, Optional<OrphanWatch> watch) implements OtherEnd {

    private static final long CLOSE_WAIT_MILLIS = 500;

    /** Returns the far end of a channel behind which nobody is watched. */
    static WatchedEnd of(IpcChannel channel) {
        return new WatchedEnd(channel, Optional.empty(), Optional.empty());
    }

    @Override
    public boolean hasProcess() {
        return process.isPresent();
    }

    @Override
    public void whenExited(Runnable task) {
        process.ifPresent(child -> child.exited().thenRun(task));
    }

    @Override
    public void ready() {
        process.ifPresent(ChildProcess::ready);
    }

    @Override
    public void inputEnded() {
        watch.ifPresent(OrphanWatch::inputEnded);
    }

    @Override
    public void parted() {
        watch.ifPresent(OrphanWatch::disarm);
    }

    @Override
    public ExitReport report(long messagesServed, int callsInFlight) {
        return process.orElseThrow().report(messagesServed, callsInFlight);
    }

    @Override
    public void release(Duration drain) {
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
