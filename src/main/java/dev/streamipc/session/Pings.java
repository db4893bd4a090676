package dev.streamipc.session;

import dev.streamipc.callback.CallFuture;
import dev.streamipc.callback.Callbacks;
import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.DeadlinePassed;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Barriers: a PING whose PONG proves that everything before it was decoded. */
final class Pings {

    private final long direction;
    private final Outbound outbound;
    private final Outbox outbox;
    private final Gate gate;
    private final Scheduler scheduler;
    private final Callbacks callbacks;
    private final Map<Long, Barrier> open = new HashMap<>();
    private long last;
    private @Nullable Function<Phase, IpcFailure> closedBy;

    private record Barrier(Passage passage, CallFuture<Duration> future, long sinceNanos, Scheduler.Due due) {}

    /** What pings need of their session. */
    record Parts(Outbound outbound, Outbox outbox, Gate gate, Scheduler scheduler, Callbacks callbacks) {}

    Pings(Role role, Parts parts) {
        this.direction = role == Role.CHILD ? Long.MIN_VALUE : 0;
        this.outbound = parts.outbound();
        this.outbox = parts.outbox();
        this.gate = parts.gate();
        this.scheduler = parts.scheduler();
        this.callbacks = parts.callbacks();
    }

    /** Sends a PING; the future gives the time until its PONG, or ends like a call. */
    CompletableFuture<Duration> ping(Duration limit) {
        CallFuture<Duration> future = new CallFuture<>(callbacks);
        long id;
        Passage passage;
        synchronized (open) {
            if (closedBy != null) {
                future.settle(null, closedBy.apply(Phase.QUEUED));
                return future;
            }
            id = direction | ++last;
            passage = new PlainPassage(id, false);
            long pinged = id;
            Scheduler.Due due = scheduler.schedule(() -> late(pinged, limit), limit.toNanos());
            open.put(id, new Barrier(passage, future, scheduler.nanoTime(), due));
        }
        if (!gate.passPing(() -> send(id, passage))) {
            fail(id, full());
        }
        return future;
    }

    private void send(long id, Passage passage) {
        if (!outbound.ping(id, passage)) {
            fail(id, full());
        }
    }

    private static Rejected full() {
        return new Rejected(Rejected.Reason.QUEUE_FULL, "queue=outbound, kind=PING; the other side reads too slowly");
    }

    private void late(long id, Duration limit) {
        Barrier barrier = claim(id);
        if (barrier != null) {
            Phase phase = outbox.withdraw(barrier.passage()) ? Phase.QUEUED : Phase.SENT;
            barrier.future().settle(null, new DeadlinePassed(phase, limit));
        }
    }

    private void fail(long id, IpcFailure failure) {
        Barrier barrier = claim(id);
        if (barrier != null) {
            barrier.future().settle(null, failure);
        }
    }

    private @Nullable Barrier claim(long id) {
        Barrier barrier;
        synchronized (open) {
            barrier = open.remove(id);
        }
        if (barrier != null) {
            barrier.due().cancel();
        }
        return barrier;
    }

    boolean isWaiting() {
        synchronized (open) {
            return !open.isEmpty();
        }
    }

    /** Takes PONG; on the thread that reads. */
    void pong(long id) {
        Barrier barrier = claim(id);
        if (barrier != null) {
            outbox.places().confirm(barrier.passage());
            barrier.future().settle(Duration.ofNanos(scheduler.nanoTime() - barrier.sinceNanos()), null);
        }
    }

    /** Ends all barriers and refuses new ones. */
    void end(Function<Phase, IpcFailure> verdict) {
        Map<Long, Barrier> left;
        synchronized (open) {
            closedBy = closedBy == null ? verdict : closedBy;
            left = new HashMap<>(open);
            open.clear();
        }
        for (Barrier barrier : left.values()) {
            barrier.due().cancel();
            Phase phase = outbox.withdraw(barrier.passage()) ? Phase.QUEUED : Phase.SENT;
            barrier.future().settle(null, verdict.apply(phase));
        }
    }
}
