package dev.streamipc.session;

import dev.streamipc.callback.CallbackHop;
import dev.streamipc.callback.SerialExecutor;
import dev.streamipc.channel.IpcChannel;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a session needs of the JVM around it, time aside: threads and chance. An argument, so that the same session runs in
 * a simulation, on one thread and as a seed tells.
 */
interface Surroundings {

    /** Whom a writer tells: a write begins; the channel takes no more; nothing is left to write; nothing was for a while. */
    record WriterHooks(Runnable onWrite, Consumer<IOException> onBroken, Runnable onIdle, Runnable onQuiet) {}

    /** Makes what writes to a channel. */
    Writer writer(String sessionName, Outbox outbox, IpcChannel channel, WriterHooks hooks);

    /**
     * Makes what reads and runs the handlers.
     *
     * @param handlers the user's executor, which may run several at once, or null for one thread of the session
     */
    Drive drive(String sessionName, Drive.Parts parts, @Nullable Executor handlers, Drive.Hooks hooks);

    /** Returns what decodes large messages, beside the thread that reads. */
    default Executor lane(String sessionName) {
        return new SerialExecutor("streamipc-decoder-" + sessionName);
    }

    /** Runs something that may block, on a thread of its own. */
    void run(String threadName, Runnable body);

    /** Makes what runs handlers that stream; null where they run as all others do, and never wait. */
    default @Nullable StreamThreads streamThreads(String sessionName) {
        return new StreamThreads(sessionName);
    }

    /** Returns what runs a short task where a user's executor does not. */
    default Executor spare() {
        return CallbackHop.SPARE;
    }

    /** Returns any number but zero: unsalted bytes inside a payload must not pass as a frame. */
    int salt();
}
