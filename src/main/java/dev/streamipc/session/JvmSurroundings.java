package dev.streamipc.session;

import dev.streamipc.channel.IpcChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Real threads, all daemons with a name. */
final class JvmSurroundings implements Surroundings {

    static final Surroundings INSTANCE = new JvmSurroundings();

    private JvmSurroundings() {}

    @Override
    public Writer writer(String sessionName, Outbox outbox, IpcChannel channel, WriterHooks hooks) {
        return new Sender(outbox, channel, "streamipc-writer-" + sessionName, hooks);
    }

    @Override
    public Drive drive(String sessionName, Drive.Parts parts, @Nullable Executor handlers, Drive.Hooks hooks) {
        return new Driving(sessionName, parts, handlers, hooks);
    }

    @Override
    public void run(String threadName, Runnable body) {
        Thread thread = new Thread(body, threadName);
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError noThread) {
            SessionLog.LOG.error("no thread to be had: threadName={}, going on without", threadName, noThread);
            body.run();
        }
    }

    @Override
    public int salt() {
        int salt = ThreadLocalRandom.current().nextInt();
        return salt != 0 ? salt : 1;
    }
}
