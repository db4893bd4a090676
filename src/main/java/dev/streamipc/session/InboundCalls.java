package dev.streamipc.session;

import dev.streamipc.session.Work.Asked;
import java.util.OptionalLong;

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
    private long answered;
    private int running;
    private boolean draining;
    private long lastStartedArrival;
    private long lastStartedId;

    /**
     * Makes the table.
     *
     * @param onIdle told, without a lock, when the last running request has got its answer
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

    /** The caller has gone: a request that has not started is dropped when its turn comes. */
    void cancel(long id) {
        synchronized (lock) {
            Asked asked = open.get(id);
            if (asked != null) {
                asked.cancelled = true;
            }
        }
    }

    /** Decides whether a request may start. What may start counts as running until {@link #done}. */
    Verdict start(Asked asked, long nowNanos) {
        synchronized (lock) {
            if (asked.cancelled) {
                return Verdict.DROP;
            }
            if (draining) {
                return Verdict.REJECT_DRAINING;
            }
            if (asked.hasDeadline && asked.deadlineNanos - nowNanos <= 0) {
                return Verdict.REJECT_LATE;
            }
            running++;
            if (asked.arrival > lastStartedArrival) {
                lastStartedArrival = asked.arrival;
                lastStartedId = asked.id;
            }
            return Verdict.RUN;
        }
    }

    /** A request that was not started needs no place here any more. */
    void forget(Asked asked) {
        synchronized (lock) {
            open.remove(asked.id);
        }
    }

    /** A running request has got its answer. */
    void done(Asked asked) {
        boolean idle;
        synchronized (lock) {
            open.remove(asked.id);
            answered++;
            idle = --running == 0;
        }
        if (idle) {
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

    boolean isIdle() {
        synchronized (lock) {
            return running == 0;
        }
    }

    /** Returns how many requests were started and answered. */
    long answered() {
        synchronized (lock) {
            return answered;
        }
    }
}
