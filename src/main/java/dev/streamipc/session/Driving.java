package dev.streamipc.session;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A drive by threads: a reader, the handler executor, or the user's own that tick or pump. */
final class Driving implements Drive {
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

    /** Who may read: of PUMP and READER never both, and READER for good. */
    private enum Reading {
        NOBODY,
        PUMP,
        READER
    }

    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String sessionName;
    private final Intake intake;
    private final WorkQueue queue;
    private final Batches batches;
    private final HandlerThreads handlerThreads;
    private final Hooks hooks;
    private final Polling polling;
    private final AtomicReference<Reading> reading = new AtomicReference<>(Reading.NOBODY);
    private volatile Mode mode = Mode.IDLE;
    private volatile @Nullable Thread reader;
    private volatile @Nullable Thread pump;

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
        this.polling = new Polling(parts.isLowLatency(), new Polled(), hooks.hasCalls());
    }

    /** What the reader reads, on the thread of a caller. */
    private final class Polled implements Polling.Source {

        @Override
        public int availableBytes() throws IOException {
            return intake.availableBytes();
        }

        @Override
        public boolean read() throws IOException {
            boolean more = readOnce();
            handOver();
            return more;
        }
    }

    @Override
    public void start() {
        if (mode != Mode.IDLE) {
            return; // as with each call but the first: a lock would be one more that callers meet at
        }
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

    @Override
    public boolean isReading() {
        return mode != Mode.IDLE || reading.get() == Reading.READER;
    }

    @Override
    public void beforeWaiting() {
        readUnlessPumpDoes();
        polling.want();
    }

    @Override
    public void beforeBlocking(Future<?> outcome) {
        readUnlessPumpDoes();
        polling.lookFor(outcome);
    }

    @Override
    public boolean mayWait() {
        Thread current = Thread.currentThread();
        boolean pumps = current == pump && reading.get() == Reading.PUMP;
        if (current == reader || pumps || polling.isMine()) {
            return false;
        }
        if (mode == Mode.IDLE) {
            // until the other side is known to be ready nothing leaves, and so there is no room
            startReader();
        } else {
            beforeWaiting();
        }
        return true;
    }

    /** A pump that reads looks for open calls before it runs a handler; one that runs handlers needs a reader. */
    private void readUnlessPumpDoes() {
        if (mode == Mode.PUMP && reading.get() == Reading.NOBODY) {
            startReader();
        }
    }

    @Override
    public void startReader() {
        if (!reading.compareAndSet(Reading.NOBODY, Reading.READER)) {
            return;
        }
        try {
            Thread thread = VirtualThreads.unstarted(
                    intake.parksVirtualThreads(), "streamipc-reader-" + sessionName, this::readOn);
            reader = thread;
            thread.start();
        } catch (Error noThread) {
            reader = null;
            reading.set(Reading.NOBODY);
            throw noThread;
        }
    }

    private void readOn() {
        String why = "the stream ended";
        try {
            polling.standBy();
            while (readOnce()) {
                handOver();
                polling.standBy();
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

    @Override
    public void handOver() {
        handlerThreads.handOver();
    }

    @Override
    public void retire() {
        handlerThreads.retire();
        polling.end();
    }

    @Override
    public boolean isInside() {
        Thread current = Thread.currentThread();
        return batches.isInside() || current == reader || current == pump || polling.isMine();
    }

    @Override
    public boolean tick(long nanos) throws InterruptedException {
        startTicking();
        if (batches.isInside()) {
            // a handler waits for others to come: a pump reads none while it runs one
            beforeWaiting();
        }
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

    @Override
    public void serve() throws InterruptedException {
        boolean pumping;
        synchronized (this) {
            pumping = mode == Mode.IDLE && reading.compareAndSet(Reading.NOBODY, Reading.PUMP);
            if (pumping) {
                pump = Thread.currentThread();
                mode = Mode.PUMP;
            }
        }
        if (pumping) {
            try {
                hooks.onStart().accept(false);
                pump();
            } finally {
                reading.compareAndSet(Reading.PUMP, Reading.NOBODY);
                pump = null;
            }
        }
        while (!hooks.hasEnded().getAsBoolean()) {
            startTicking();
            batches.serveOrAwait(LOOK_NANOS);
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
    private boolean beginPumpRead() {
        return reading.get() == Reading.PUMP || reading.compareAndSet(Reading.NOBODY, Reading.PUMP);
    }

    /** Behind this the pump looks for open calls; who makes one looks behind that who reads. One of the two sees the other. */
    private void endPumpRead() {
        reading.set(Reading.NOBODY);
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
            if (reading.get() == Reading.READER) {
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
