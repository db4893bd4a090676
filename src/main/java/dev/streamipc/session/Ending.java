package dev.streamipc.session;

import dev.streamipc.message.ChildDied;
import dev.streamipc.message.ExitReport;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import dev.streamipc.message.ProtocolError;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.message.SessionClosed.Who;
import dev.streamipc.message.StartFailed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a session ends: an orderly goodbye, the end of the stream, the death of the process, a broken rule. */
final class Ending {
    /*
     * OPEN -> CLOSING (goodbye said or heard) -> ENDED -> RELEASED.
     *
     * Whatever happens, end() runs once: it gives every call its outcome and lets nothing in any more. What may block, the
     * stop ladder and the close of the channel, runs on a thread of its own afterwards. While CLOSING, one closer thread
     * waits until started requests are answered and everything is written, and then ends the session.
     */

    /** A process that dies closes its stream a moment before its exit is told, tens of milliseconds on a busy machine. */
    static final long EXIT_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final String CLOSED_HERE = "close was called";
    private static final Duration BRISK = Duration.ofMillis(500);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What an ending tells the rest of its session. */
    interface Session {
        String name();

        /** Ends all calls, refuses new ones. */
        void endCalls(Function<Phase, IpcFailure> verdict);

        /** Takes a goodbye's word for the calls that were not started. */
        void endCallsBehind(Goodbye goodbye, Function<Phase, IpcFailure> refuseNew);

        /** Lets no request start any more and says GOODBYE. */
        void sayGoodbye(Goodbye.Reason reason, String text);

        /** No request is running, and no call waits, the latter only if asked. */
        boolean isQuiet(boolean withCalls);

        /** Waits until everything was written. */
        void awaitWritten(long nanos) throws InterruptedException;

        /** Lets nothing in or out any more; {@code why} is what calls end with. */
        void shut(IpcFailure why);

        /** Takes nothing more of what is being read. On the thread that reads. */
        void stopReading();

        ExitReport exitReport();
    }

    private final Session session;
    private final OtherEnd otherEnd;
    private final Scheduler scheduler;
    private final Duration closeLimit;
    private final Consumer<Boolean> onOver;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean goodbyeSaid = new AtomicBoolean();
    private final AtomicBoolean closerStarted = new AtomicBoolean();
    private final CountDownLatch released = new CountDownLatch(1);
    private final Object changed = new Object();
    private volatile boolean closedHere;
    private volatile @Nullable Goodbye heard;

    /**
     * Makes the ending of a session.
     *
     * @param onOver told once all is released: true if the end was orderly
     */
    Ending(Session session, OtherEnd otherEnd, PeerSettings settings, Consumer<Boolean> onOver) {
        this.session = session;
        this.otherEnd = otherEnd;
        this.scheduler = settings.scheduler();
        this.closeLimit = settings.times().close();
        this.onOver = onOver;
    }

    boolean isEnded() {
        return ended.get();
    }

    /** Returns whether both goodbyes are out and only the closer has to do its work. */
    boolean isFinishing() {
        return goodbyeSaid.get() && heard != null && session.isQuiet(!closedHere);
    }

    /** Begins an orderly end from this side. Never blocks. */
    void close() {
        closedHere = true;
        session.endCalls(phase -> new SessionClosed(phase, Who.THIS_SIDE, CLOSED_HERE));
        sayGoodbye(Goodbye.Reason.CLOSED, CLOSED_HERE);
        startCloser();
        changed();
    }

    private void sayGoodbye(Goodbye.Reason reason, String text) {
        if (goodbyeSaid.compareAndSet(false, true)) {
            session.sayGoodbye(reason, text);
        }
    }

    /** Takes the other side's GOODBYE. */
    void heard(Goodbye goodbye) {
        heard = goodbye;
        otherEnd.parted();
        String text = "the other side says: " + goodbye.text();
        switch (goodbye.reason()) {
            case REFUSED -> end(phase -> new StartFailed(text, List.of(), null, null));
            case PROTOCOL_ERROR -> end(phase -> new ProtocolError(phase, text, 0, ""));
            case CLOSED -> {
                session.endCallsBehind(goodbye, phase -> new SessionClosed(phase, Who.OTHER_SIDE, goodbye.text()));
                sayGoodbye(Goodbye.Reason.CLOSED, "answering a goodbye");
                startCloser();
                changed();
            }
        }
    }

    /** Something that the closer waits for may have happened. */
    void changed() {
        if (closerStarted.get()) {
            synchronized (changed) {
                changed.notifyAll();
            }
        }
    }

    private void startCloser() {
        if (closerStarted.compareAndSet(false, true)) {
            thread("closer", this::finish).start();
        }
    }

    private void finish() {
        long startNanos = scheduler.nanoTime();
        try {
            awaitQuiet(startNanos);
            awaitWritten(closeLimit.toNanos() - (scheduler.nanoTime() - startNanos));
        } catch (InterruptedException interrupted) {
            SessionLog.LOG.debug("{} closer interrupted", session.name(), interrupted);
        }
        end(this::parted);
    }

    /** What calls end with after a goodbye. */
    private IpcFailure parted(Phase phase) {
        Goodbye last = heard;
        return closedHere || last == null
                ? new SessionClosed(phase, Who.THIS_SIDE, CLOSED_HERE)
                : new SessionClosed(phase, Who.OTHER_SIDE, last.text());
    }

    private void awaitQuiet(long startNanos) throws InterruptedException {
        synchronized (changed) {
            while (!ended.get() && !isFinishing() && !(closedHere && isLate(startNanos))) {
                TimeUnit.NANOSECONDS.timedWait(changed, Math.min(LOOK_NANOS, closeLimit.toNanos()));
            }
        }
    }

    private boolean isLate(long startNanos) {
        return scheduler.nanoTime() - startNanos >= closeLimit.toNanos();
    }

    /** The other side broke a rule. On the thread that reads. */
    void violation(String rule, long offsetBytes, String hexNear) {
        partWith(Goodbye.Reason.PROTOCOL_ERROR, rule, phase -> new ProtocolError(phase, rule, offsetBytes, hexNear));
    }

    /** The two sides can't talk. On the thread that reads. */
    void refuse(String text) {
        partWith(Goodbye.Reason.REFUSED, text, phase -> new StartFailed(text, List.of(), null, null));
    }

    /** All calls end at once; the goodbye that says why gets a moment to leave. */
    private void partWith(Goodbye.Reason reason, String text, Function<Phase, IpcFailure> verdict) {
        session.stopReading();
        session.endCalls(verdict);
        sayGoodbye(reason, text);
        thread("end", () -> {
                    awaitWritten(DRAIN_NANOS);
                    end(verdict);
                })
                .start();
    }

    private void awaitWritten(long nanos) {
        try {
            session.awaitWritten(nanos);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nobody got hold of the session: it ends without a goodbye. */
    void abandon(String why) {
        end(phase -> new SessionClosed(phase, Who.THIS_SIDE, why));
    }

    /** The start takes too long. On the scheduler's thread. */
    void startTimedOut(String what, Duration limit) {
        end(phase -> new StartFailed(what + ", limitMs=" + limit.toMillis(), List.of(), null, null));
    }

    /** Nothing more comes in. On the thread that read. */
    void inputEnded(String why) {
        if (closedHere || heard != null) {
            end(this::parted);
            return;
        }
        otherEnd.inputEnded();
        if (otherEnd.awaitExit(EXIT_WAIT_NANOS)) {
            died();
        } else {
            end(phase -> new SessionClosed(phase, Who.STREAM, why));
        }
    }

    /** Nothing can be written any more; what was sent to us before may still come in, for a while. */
    void outputBroken(String why) {
        scheduler.schedule(() -> thread("end", () -> inputEnded(why)).start(), DRAIN_NANOS);
    }

    /** The process has exited; the end of its stream is due, unless somebody else holds it open. */
    void processExited() {
        scheduler.schedule(
                () -> thread("end", () -> inputEnded("the process exited")).start(), DRAIN_NANOS);
    }

    private void died() {
        if (!ended.get()) {
            ExitReport report = session.exitReport();
            end(phase -> new ChildDied(phase, report));
        }
    }

    private void end(Function<Phase, IpcFailure> verdict) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        boolean orderly = goodbyeSaid.get() && heard != null;
        session.endCalls(verdict);
        session.shut(verdict.apply(Phase.QUEUED));
        changed();
        thread("end", () -> release(orderly)).start();
    }

    private void release(boolean orderly) {
        try {
            otherEnd.release(orderly ? closeLimit : BRISK);
        } finally {
            // who waits for the release expects the peer to have let go
            onOver.accept(orderly);
            released.countDown();
        }
    }

    /** Waits until everything is released; false if the time is up. */
    boolean awaitReleased(Duration limit) throws InterruptedException {
        return released.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private Thread thread(String role, Runnable body) {
        Thread thread = new Thread(body, "streamipc-" + role + "-" + session.name());
        thread.setDaemon(true);
        return thread;
    }
}
