package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.flight.Flight;
import dev.streamipc.flight.FlightEvent;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts the outcomes of this side's calls, and records them for the Flight Recorder where that is wanted. */
final class CallWatch {

    private static final String ANSWERED = "ANSWERED";

    private final String sessionName;
    private final Scheduler clock;
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong answeredBadly = new AtomicLong();
    private final AtomicLong failedHere = new AtomicLong();

    CallWatch(String sessionName, Scheduler clock) {
        this.sessionName = sessionName;
        this.clock = clock;
    }

    /**
     * The other side's answer has ended a call; on the thread that took it.
     *
     * @param failure null if it is a value that fits
     */
    void answered(PendingCall<?> call, @Nullable IpcFailure failure) {
        if (failure == null) {
            answered.incrementAndGet();
        } else {
            answeredBadly.incrementAndGet();
        }
        if (Flight.wantsRequests()) {
            record(call, failure, ANSWERED);
        }
    }

    /** This side has ended a call. */
    void failed(PendingCall<?> call, IpcFailure failure, Phase phase) {
        failedHere.incrementAndGet();
        if (Flight.wantsRequests()) {
            record(call, failure, phase.name());
        }
    }

    private void record(PendingCall<?> call, @Nullable IpcFailure failure, String phase) {
        String outcome = failure == null ? "Answered" : failure.getClass().getSimpleName();
        long sinceNanos = call.deadlineNanos - call.limit.toNanos();
        Flight.tell(new FlightEvent.Request(
                sessionName, call.requestType.getSimpleName(), call.id, outcome, phase, clock.nanoTime() - sinceNanos));
    }

    /** Returns how many calls ended with a value. */
    long answered() {
        return answered.get();
    }

    /** Returns how many calls ended with a failure. */
    long failed() {
        return failedHere.get() + answeredBadly.get();
    }

    /** Returns how many calls ended with an answer of the other side, of whatever kind. */
    long answeredInAll() {
        return answered.get() + answeredBadly.get();
    }
}
