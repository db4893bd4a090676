package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.Message;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The progress of one request on its way out: in order, none behind the answer; without room the latest waits. */
final class ProgressSender {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final long id;
    private final Outbound outbound;
    private final Scheduler scheduler;
    private @Nullable Update waiting; // guarded by this
    private int leftOut; // guarded by this
    private boolean over; // guarded by this
    private boolean lookIsDue; // guarded by this
    private Scheduler.Due look = () -> {}; // guarded by this

    ProgressSender(long id, Outbound outbound, Scheduler scheduler) {
        this.id = id;
        this.outbound = outbound;
        this.scheduler = scheduler;
    }

    /** Sends an update, or keeps it instead of the one that waits. Never blocks. */
    void send(Message message) {
        Update update = outbound.encodeProgress(message);
        Next next;
        synchronized (this) {
            if (over) {
                return;
            }
            leftOut += waiting == null ? 0 : 1;
            waiting = update;
            next = append(Send.PROGRESS);
        }
        outbound.after(next);
    }

    /** Nothing leaves from now on but what {@link #sendLast} sends. */
    synchronized void end() {
        over = true;
        look.cancel();
    }

    /** Sends the update that still waits, before the answer; {@link Next#FULL} if it has to wait for room as that does. */
    Next sendLast() {
        Next next;
        synchronized (this) {
            next = append(Send.ANSWER);
        }
        outbound.after(next);
        return next;
    }

    private void look() {
        Next next;
        synchronized (this) {
            lookIsDue = false;
            next = over ? Next.NOTHING : append(Send.PROGRESS);
        }
        outbound.after(next);
    }

    private Next append(Send how) {
        Update update = waiting;
        if (update == null) {
            return Next.NOTHING;
        }
        Next next = outbound.progress(id, leftOut, update, how);
        if (next == Next.FULL) {
            lookLater();
        } else {
            waiting = null;
            leftOut = 0;
        }
        return next;
    }

    private void lookLater() {
        if (!lookIsDue && !over) {
            lookIsDue = true;
            look = scheduler.schedule(this::look, LOOK_NANOS);
        }
    }
}
