package dev.streamipc.session;

import dev.streamipc.session.Work.Asked;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The requests of the other side, from their arrival to their answer, and whether any more may start. */
final class InboundCalls {

    /** What to do with a request whose turn has come. */
    enum Verdict {
        RUN,
        DROP,
        REJECT_DRAINING,
        REJECT_LATE
    }

    private final Object lock = new Object();
    private final LongTable<Asked> open = new LongTable<>();
    private final Runnable onIdle;
    private long arrivals;
    /** Grows under the lock only, and shrinks without it. */
    private final AtomicInteger running = new AtomicInteger();

    private boolean draining;
    private long lastStartedArrival;
    private long lastStartedId;

    /**
     * Makes the table.
     *
     * @param onIdle told, without a lock, when the last running request has got its answer, or none is here any more
     */
    InboundCalls(Runnable onIdle) {
        this.onIdle = onIdle;
    }

    /** Takes a request in; false if one with its id is here already. */
    boolean arrive(Asked asked) {
        synchronized (lock) {
            asked.arrival = ++arrivals;
            return open.add(asked.id, asked);
        }
    }

    /** Returns the request with this id, begun or not; null if it is not here. */
    @Nullable
    Asked find(long id) {
        synchronized (lock) {
            return open.get(id);
        }
    }

    /** The caller has gone: a request that has not started is dropped when its turn comes, a running one is told. */
    void cancel(long id, String reason) {
        Asked asked;
        CancelSignal signal;
        synchronized (lock) {
            asked = open.get(id);
            signal = asked == null ? null : note(asked, reason);
        }
        if (asked != null) {
            tell(asked, signal, reason);
        }
    }

    private static void tell(Asked asked, @Nullable CancelSignal signal, String reason) {
        if (signal != null) {
            signal.cancel(reason);
        }
        if (asked.flows != null) {
            asked.flows.end(new CancellationException(reason));
        }
    }

    private static @Nullable CancelSignal note(Asked asked, String reason) {
        asked.cancelReason = asked.cancelReason == null ? reason : asked.cancelReason;
        return asked.signal;
    }

    /** Nobody will take the answers of those that run. */
    void cancelRunning(String reason) {
        Map<Asked, Optional<CancelSignal>> running = new LinkedHashMap<>();
        synchronized (lock) {
            open.forEach(asked -> {
                if (asked.isRunning) {
                    running.put(asked, Optional.ofNullable(note(asked, reason)));
                }
            });
        }
        running.forEach((asked, signal) -> tell(asked, signal.orElse(null), reason));
    }

    /** Nothing comes in any more: streams that requests bring, and that are not whole, never will be. */
    void endIncomingParts(String why) {
        List<PartQueue<?>> queues = new ArrayList<>();
        synchronized (lock) {
            open.forEach(asked -> {
                if (asked.flows != null && asked.flows.in() != null) {
                    queues.add(asked.flows.in());
                }
            });
        }
        queues.forEach(queue -> queue.end(new CancellationException(why)));
    }

    /** A running request has a signal from now on; it may have been cancelled before. */
    void watch(Asked asked, CancelSignal signal) {
        String reason;
        synchronized (lock) {
            asked.signal = signal;
            reason = asked.cancelReason;
        }
        if (reason != null) {
            signal.cancel(reason);
        }
    }

    /** Returns whether the caller has gone. */
    boolean isCancelled(Asked asked) {
        synchronized (lock) {
            return asked.cancelReason != null;
        }
    }

    /** Decides whether a request may start. What may start counts as running until {@link #done}. */
    Verdict start(Asked asked, long nowNanos) {
        synchronized (lock) {
            if (asked.cancelReason != null) {
                return Verdict.DROP;
            }
            if (draining) {
                return Verdict.REJECT_DRAINING;
            }
            if (asked.hasDeadline && asked.deadlineNanos - nowNanos <= 0) {
                return Verdict.REJECT_LATE;
            }
            running.incrementAndGet();
            asked.isRunning = true;
            if (asked.arrival > lastStartedArrival) {
                lastStartedArrival = asked.arrival;
                lastStartedId = asked.id;
            }
            return Verdict.RUN;
        }
    }

    /** A request that was not started needs no place here any more. */
    void forget(Asked asked) {
        boolean idle;
        synchronized (lock) {
            open.remove(asked.id);
            idle = open.isEmpty();
        }
        if (idle) {
            onIdle.run();
        }
    }

    /** The handler has returned: from here on the answer may arrive, and the other side may use the id again. */
    void returned(Asked asked) {
        asked.hasReturned = true;
        synchronized (lock) {
            if (open.get(asked.id) == asked) {
                open.remove(asked.id);
            }
        }
    }

    /** A running request has got its answer; on the thread that handled it. */
    void done(Asked asked) {
        if (!asked.hasReturned) {
            returned(asked);
        }
        if (running.decrementAndGet() == 0) {
            onIdle.run();
        }
    }

    /** Lets nothing start any more, and returns the id of the last request, in order of arrival, that did. */
    OptionalLong drain() {
        synchronized (lock) {
            draining = true;
            return lastStartedArrival == 0 ? OptionalLong.empty() : OptionalLong.of(lastStartedId);
        }
    }

    /** Returns whether no request waits for its answer, begun or not. */
    boolean isEmpty() {
        synchronized (lock) {
            return open.isEmpty() && running.get() == 0;
        }
    }

    boolean isIdle() {
        return running.get() == 0;
    }
}
