package dev.streamipc.session;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.message.ExitReport;
import dev.streamipc.process.ChildProcess;
import java.time.Duration;
import java.util.Optional;

/** What is at the far end of a session: a channel, and behind it perhaps a process. An argument of every session. */
interface OtherEnd {

    IpcChannel channel();

    /** Returns the child, empty for any other channel. */
    Optional<ChildProcess> process();

    /** Returns whether there is a process behind the channel whose exit is told. */
    boolean hasProcess();

    /** Runs a short task once the process has exited; never if there is none. */
    void whenExited(Runnable task);

    /** The other side has said HELLO. */
    void ready();

    /** The other side has closed its stream without a goodbye. If it is our parent, this process is on its way out. */
    void inputEnded();

    /** The two sides parted in order. */
    void parted();

    /** Says how the process ended; only if there is one. Blocks for some milliseconds. */
    ExitReport report(long messagesServed, int callsInFlight);

    /**
     * Stops the process if it is ours, and releases the channel. Blocks: by the stop ladder's bound, and by the close.
     *
     * @param drain how long the process may take to end by itself
     */
    void release(Duration drain);
}
