package dev.streamipc.session;

import dev.streamipc.channel.IpcChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes what stands in the {@link Outbox}: on the thread that appended where that can't block, else on a writer thread
 * that starts when it is first needed, parks when there is nothing to do and ends after a while. Behind a second of quiet it
 * has the session give back what it has grown to: who comes in bursts finds it as it was.
 */
final class Sender implements Writer {

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long CORK_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final Outbox outbox;
    private final IpcChannel channel;
    private final String threadName;
    private final Surroundings.WriterHooks hooks;
    private final AtomicReference<@Nullable Thread> writer = new AtomicReference<>();
    private volatile boolean parked;
    private volatile boolean armed;
    private volatile boolean wanted;
    private volatile boolean ended;

    /**
     * Makes a sender.
     *
     * @param hooks told on the thread that wrote: broken once, idle as often as it is, quiet a second later
     */
    Sender(Outbox outbox, IpcChannel channel, String threadName, Surroundings.WriterHooks hooks) {
        this.outbox = outbox;
        this.channel = channel;
        this.threadName = threadName;
        this.hooks = hooks;
    }

    @Override
    public void after(Next next) {
        switch (next) {
            case FLUSH -> flushOnce();
            case WAKE_WRITER -> wake();
            case ARM_WRITER -> arm();
            default -> {}
        }
    }

    @Override
    public void awaitRoom(long nanos) throws InterruptedException {
        outbox.waits().awaitForAnswer(nanos);
    }

    @Override
    public void awaitGone(long bytes, long nanos) {
        outbox.waits().awaitGone(bytes, nanos);
    }

    /** Lets the writer end; what is being written goes on until the channel is closed. */
    @Override
    public void end() {
        ended = true;
        unpark();
    }

    private void flushOnce() {
        if (!write()) {
            return;
        }
        if (outbox.release()) {
            wake();
        } else {
            hooks.onIdle().run();
            restSoon();
        }
    }

    /** What others than the writer have grown is the writer's to give back, in its time; one that is there will. */
    private void restSoon() {
        if (writer.get() == null && outbox.isGrown()) {
            wake();
        }
    }

    private boolean write() {
        try {
            hooks.onWrite().run();
            do {
                channel.write(outbox.flushing());
            } while (outbox.nextSlice());
            return true;
        } catch (IOException broken) {
            broken(broken);
        } catch (RuntimeException | Error defect) {
            broken(new IOException("writer failed: " + defect, defect));
        }
        return false;
    }

    private void broken(IOException why) {
        outbox.end();
        outbox.release();
        hooks.onBroken().accept(why);
    }

    private void wake() {
        wanted = true;
        unpark();
    }

    private void arm() {
        armed = true;
        unpark();
    }

    private void unpark() {
        Thread thread = writer.get();
        if (thread == null) {
            startWriter();
        } else if (parked) {
            LockSupport.unpark(thread);
        }
    }

    private void startWriter() {
        if (ended) {
            return;
        }
        Thread thread = new Thread(this::work, threadName);
        thread.setDaemon(true);
        if (writer.compareAndSet(null, thread)) {
            try {
                thread.start();
            } catch (OutOfMemoryError noThread) {
                writer.set(null);
                throw noThread;
            }
        }
    }

    private void work() {
        do {
            serveWants();
        } while (!ended && (awaitWant() || reclaim()));
    }

    private void serveWants() {
        while (wanted || armed) {
            if (!wanted) {
                parked = true;
                if (!wanted) {
                    LockSupport.parkNanos(this, CORK_NANOS);
                }
                parked = false;
            }
            wanted = false;
            armed = false;
            flushAll();
        }
    }

    private void flushAll() {
        if (!outbox.claimFlusher()) {
            return;
        }
        while (outbox.swap()) {
            if (!write()) {
                return;
            }
        }
        hooks.onIdle().run();
    }

    /** Parks until there is a want; false after a long idle time. The flag is set first, the want looked at then. */
    private boolean awaitWant() {
        long idleSince = System.nanoTime();
        parked = true;
        long idleNanos = 0;
        while (!wanted && !armed && !ended && idleNanos < IDLE_NANOS) {
            boolean rests = idleNanos >= QUIET_NANOS;
            LockSupport.parkNanos(this, rests ? IDLE_NANOS : QUIET_NANOS);
            idleNanos = System.nanoTime() - idleSince;
            if (!rests && idleNanos >= QUIET_NANOS) {
                hooks.onQuiet().run();
            }
        }
        parked = false;
        return wanted || armed;
    }

    /** Gives the role back; takes it again if a want slipped in and no other thread was started for it. */
    private boolean reclaim() {
        writer.set(null);
        // behind that: who has grown it since finds no writer, and starts one
        hooks.onQuiet().run();
        return (wanted || armed) && !ended && writer.compareAndSet(null, Thread.currentThread());
    }
}
