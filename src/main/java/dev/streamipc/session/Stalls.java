package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.flight.Flight;
import dev.streamipc.flight.FlightEvent;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Notices when the channel takes no byte for a while although some wait, and when it does again. One timer looks, from the
 * first write on, a few times within the limit; it rests as soon as it finds no write under way.
 */
final class Stalls {

    private static final int LOOKS = 4;

    private final String sessionName;
    private final Outbox outbox;
    private final Scheduler scheduler;
    private final long limitNanos;
    private final Consumer<SessionEvent> onEvent;
    private volatile boolean looking;
    private long takenBytes; // guarded by this
    private long takenAtNanos; // guarded by this
    private boolean stalled; // guarded by this
    private boolean ended; // guarded by this
    private Scheduler.Due due = () -> {}; // guarded by this

    /** The clock and the limit. */
    record Watch(Scheduler scheduler, Duration limit) {}

    /**
     * Makes the watch over a session's writes.
     *
     * @param onEvent told on the scheduler's thread, without a lock; must not block
     */
    Stalls(String sessionName, Outbox outbox, Watch watch, Consumer<SessionEvent> onEvent) {
        this.sessionName = sessionName;
        this.outbox = outbox;
        this.scheduler = watch.scheduler();
        this.limitNanos = watch.limit().toNanos();
        this.onEvent = onEvent;
    }

    /** A write begins: after its bytes were taken over, before the channel gets them. */
    void writing() {
        if (!looking) {
            begin();
        }
    }

    private synchronized void begin() {
        if (!looking && !ended) {
            looking = true;
            took(outbox.progress().takenBytes());
            schedule();
        }
    }

    private void took(long bytes) {
        takenBytes = bytes;
        takenAtNanos = scheduler.nanoTime();
    }

    private void schedule() {
        due = scheduler.schedule(this::look, limitNanos / LOOKS);
    }

    private void look() {
        SessionEvent event = judge();
        if (event instanceof SessionEvent.Stalled stall) {
            SessionLog.LOG.warn(
                    "{} stalled: the other side takes nothing, queuedBytes={}, sinceMs={}; is it stopped, or does it not read?",
                    sessionName,
                    stall.queuedBytes(),
                    stall.since().toMillis());
            Flight.tell(new FlightEvent.Stall(
                    sessionName, stall.queuedBytes(), stall.since().toNanos()));
        } else if (event != null) {
            SessionLog.LOG.info("{} moves again after a stall", sessionName);
        }
        if (event != null) {
            onEvent.accept(event);
        }
    }

    private synchronized @Nullable SessionEvent judge() {
        if (ended) {
            return null;
        }
        Written progress = outbox.progress();
        Duration since = Duration.ofNanos(scheduler.nanoTime() - takenAtNanos);
        boolean moved = progress.takenBytes() != takenBytes || !progress.writing();
        boolean wasStalled = stalled;
        if (moved) {
            took(progress.takenBytes());
        }
        lookAgainOrRest(progress.writing());
        stalled = !moved && since.toNanos() >= limitNanos;
        if (stalled == wasStalled) {
            return null;
        }
        return stalled ? new SessionEvent.Stalled(progress.queuedBytes(), since) : new SessionEvent.Resumed(since);
    }

    private void lookAgainOrRest(boolean writing) {
        looking = writing;
        // a write that began before that line took it that somebody looks
        if (writing || outbox.progress().writing()) {
            looking = true;
            schedule();
        }
    }

    /** Nothing is written any more: the timer lets go of the session. */
    synchronized void end() {
        ended = true;
        due.cancel();
    }
}
