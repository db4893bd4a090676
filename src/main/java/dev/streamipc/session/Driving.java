package dev.streamipc.session;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Which thread reads and which runs the handlers. */
final class Driving {
    /*
     * IDLE -> EXECUTOR: a reader thread reads, the handler executor runs the handlers.
     * IDLE or EXECUTOR -> TICK: a reader thread reads, the threads that call tick run the handlers.
     * IDLE -> PUMP: one thread, in serve(), reads and runs the handlers; as soon as a handler asks back, or must wait, a
     * reader thread is started and kept, and the pump becomes a ticker.
     */

    private enum Mode {
        IDLE,
        EXECUTOR,
        TICK,
        PUMP
    }

    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String sessionName;
    private final Intake intake;
    private final WorkQueue queue;
    private final Batches batches;
    private final HandlerThreads handlerThreads;
    private final Hooks hooks;
    private final AtomicBoolean readerStarted = new AtomicBoolean();
    private volatile Mode mode = Mode.IDLE;
    private volatile @Nullable Thread reader;
    private volatile @Nullable Thread pump;
    private boolean pumpReads; // guarded by this

    /** What driving needs of its session. */
    record Parts(Intake intake, WorkQueue queue, Handling handling, Batches batches) {}

    /** What driving tells its session: started, with a reader or as a pump; the input has ended; whether to go on. */
    record Hooks(
            Consumer<Boolean> onStart,
            Consumer<String> onInputEnd,
            BooleanSupplier hasEnded,
            BooleanSupplier isFinishing,
            BooleanSupplier hasCalls) {}

    /**
     * Makes the drive of a session.
     *
     * @param handlers the user's executor, which may run several at once, or null for one thread of our own
     */
    Driving(String sessionName, Parts parts, @Nullable Executor handlers, Hooks hooks) {
        this.sessionName = sessionName;
        this.intake = parts.intake();
        this.queue = parts.queue();
        this.batches = parts.batches();
        this.handlerThreads = new HandlerThreads(
                sessionName,
                new HandlerThreads.Parts(queue, parts.handling(), batches),
                handlers,
                () -> mode == Mode.EXECUTOR);
        this.hooks = hooks;
    }

    /** Starts with a reader and the handler executor, unless the session was started some other way. */
    void start() {
        synchronized (this) {
            if (mode != Mode.IDLE) {
                return;
            }
            mode = Mode.EXECUTOR;
        }
        startReader();
        hooks.onStart().accept(true);
        handOver();
    }

    /** Returns whether what comes in is looked at, by whatever thread. */
    boolean isReading() {
        return mode != Mode.IDLE || readerStarted.get();
    }

    /** An answer is awaited from now on, by any thread, or a handler is about to wait for room. */
    void beforeWaiting() {
        if (mode == Mode.PUMP) {
            readUnlessPumpDoes();
        }
    }

    /** A pump that reads looks for open calls before it runs a handler; one that runs handlers needs a reader. */
    private synchronized void readUnlessPumpDoes() {
        if (!pumpReads) {
            startReader();
        }
    }

    /** Reads from now on, whether or not the session is started: for HELLO. */
    void startReader() {
        if (readerStarted.compareAndSet(false, true)) {
            Thread thread = new Thread(this::readOn, "streamipc-reader-" + sessionName);
            thread.setDaemon(true);
            reader = thread;
            thread.start();
        }
    }

    private void readOn() {
        String why = "the stream ended";
        try {
            while (readOnce()) {
                handOver();
            }
        } catch (IOException broken) {
            why = String.valueOf(broken.getMessage());
        }
        handOver();
        hooks.onInputEnd().accept(why);
    }

    /** Reads and decodes; whatever goes wrong, a defect included, is an IOException that says so. */
    private boolean readOnce() throws IOException {
        try {
            return intake.readOnce();
        } catch (IOException broken) {
            throw new IOException("reading failed: " + broken, broken);
        } catch (RuntimeException | Error defect) {
            SessionLog.LOG.error("{} reader failed", sessionName, defect);
            throw new IOException("reader failed: " + defect, defect);
        }
    }

    /** Gives what was queued to the handler executor, if that is who runs handlers. */
    void handOver() {
        handlerThreads.handOver();
    }

    /** The session has ended: no thread of ours need wait for more. */
    void retire() {
        handlerThreads.retire();
    }

    /** Returns whether the calling thread belongs to the session or runs its handlers, so that it must not wait for it. */
    boolean isInside() {
        Thread current = Thread.currentThread();
        return batches.isInside() || current == reader || current == pump;
    }

    /** Runs handlers on this thread; waits for work at most so long. Returns false once the session has ended. */
    boolean tick(long nanos) throws InterruptedException {
        startTicking();
        batches.runOrAwait(nanos);
        return !hooks.hasEnded().getAsBoolean();
    }

    private void startTicking() {
        boolean first;
        synchronized (this) {
            first = mode == Mode.IDLE;
            if (mode != Mode.PUMP) {
                mode = Mode.TICK;
            }
        }
        if (first) {
            startReader();
            hooks.onStart().accept(true);
        }
    }

    /** Reads and runs handlers on this thread until the session ends. */
    void serve() throws InterruptedException {
        boolean pumping;
        synchronized (this) {
            pumping = mode == Mode.IDLE && !readerStarted.get();
            if (pumping) {
                mode = Mode.PUMP;
                pump = Thread.currentThread();
                pumpReads = true;
            }
        }
        if (pumping) {
            hooks.onStart().accept(false);
            pump();
            pump = null;
        }
        while (!hooks.hasEnded().getAsBoolean()) {
            tick(LOOK_NANOS);
        }
        drainLeftovers();
    }

    private void pump() {
        String why = "the stream ended";
        try {
            boolean more = true;
            while (more && !hooks.isFinishing().getAsBoolean() && beginPumpRead()) {
                try {
                    more = readOnce();
                } finally {
                    endPumpRead();
                }
                runPumped();
            }
            if (more) {
                return;
            }
        } catch (IOException broken) {
            why = String.valueOf(broken.getMessage());
        }
        hooks.onInputEnd().accept(why);
    }

    /** Takes the right to read, unless a reader has it for good. */
    private synchronized boolean beginPumpRead() {
        pumpReads = !readerStarted.get();
        return pumpReads;
    }

    private synchronized void endPumpRead() {
        pumpReads = false;
    }

    /**
     * Handlers run while nobody reads, unless calls wait for answers: then a reader is started first. It is started
     * later if they take long while more waits: a cancel or a goodbye behind that must be seen.
     */
    private void runPumped() {
        if (!queue.isEmpty() && hooks.hasCalls().getAsBoolean()) {
            startReader();
        }
        while (batches.runInsteadOfReading(this::startReader)) {
            if (readerStarted.get()) {
                return;
            }
        }
    }

    /** Notifications that came in before the end are still handed over. */
    private void drainLeftovers() {
        boolean more = true;
        while (more) {
            more = batches.run();
        }
    }
}
