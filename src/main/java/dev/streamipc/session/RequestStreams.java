package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.Message;
import dev.streamipc.session.Work.Asked;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The streams of a request that is being handled, as its handler sees them. */
final class RequestStreams {

    private final PartFlows flows;
    private final RequestContext context;
    private final Executor callbacks;
    private final Scheduler scheduler;
    private final long deadlineNanos;
    private volatile boolean byDeadline;
    private final @Nullable PartSender sender;

    RequestStreams(Asked asked, PartFlows flows, RequestContext context, Sides sides) {
        this.flows = flows;
        this.context = context;
        this.callbacks = sides.callbacks();
        this.scheduler = sides.sending().scheduler();
        this.deadlineNanos = asked.hasDeadline
                ? asked.deadlineNanos + CancelSignal.CUT_OFF_NANOS
                : scheduler.nanoTime() + CallOptions.MAX_DEADLINE.toNanos();
        this.sender = flows.out() == null
                ? null
                : new PartSender(new PartSender.Facts(asked.id, flows.out(), deadlineNanos), sides.sending());
    }

    /** What streams need of their session. */
    record Sides(PartSender.Parts sending, Executor callbacks) {}

    /** Ends the streams at the deadline; a cancel ends them by itself. Returns what takes that back. */
    Scheduler.Due watch() {
        return scheduler.schedule(
                () -> {
                    byDeadline = true;
                    flows.end(new CancellationException("deadline passed"));
                },
                deadlineNanos - scheduler.nanoTime());
    }

    /** Returns where the parts of the answer go; null if none are wanted. */
    <P extends Message> @Nullable PartSink<P> sink() {
        return sender == null ? null : new PartSink<>(sender, context, callbacks);
    }

    /** Returns the parts that the request brings; null if it brings none. */
    @SuppressWarnings("unchecked") // made for the type of the request
    <P extends Message> @Nullable PartStream<P> stream() {
        return flows.in() == null ? null : new PartStream<>((PartQueue<P>) flows.in(), callbacks);
    }

    /** Returns whether the deadline was what ended the streams. */
    boolean isEndedByDeadline() {
        return byDeadline;
    }

    /** The handler has returned. Returns how many parts there were; less than 0 if one was not sent. */
    long endParts() {
        if (sender == null) {
            return 0;
        }
        return sender.shut() ? sender.sent() : -1;
    }
}
