package dev.streamipc.session;

import dev.streamipc.message.Message;
import org.jspecify.annotations.Nullable;

/** Something that came in and waits for a handler. */
sealed interface Work {

    Arrived arrived();

    /** The message, which is decoded by now. */
    default Message message() {
        return arrived().message();
    }

    /** Bytes of payload that it came with; what it counts in the queue. */
    default int payloadBytes() {
        return arrived().payloadBytes();
    }

    /** A notification. */
    record Noted(Arrived arrived) implements Work {}

    /** A request. What may change is guarded by the lock of {@link InboundCalls}. */
    final class Asked implements Work {

        final long id;
        final long deadlineNanos;
        final boolean hasDeadline;
        final boolean wantStarted;
        final boolean wantProgress;
        final @Nullable Attempt attempt;
        final @Nullable PartFlows flows;
        private final Arrived arrived;
        long arrival;
        boolean isRunning;
        /** For the thread that handles it alone. */
        boolean hasReturned;

        @Nullable
        String cancelReason;

        @Nullable
        CancelSignal signal;

        /** What stands in front of a request's body, flags included. */
        record Head(
                long id,
                boolean wantStarted,
                boolean wantProgress,
                boolean hasDeadline,
                long deadlineNanos,
                @Nullable Attempt attempt) {}

        Asked(Head head, Arrived arrived, @Nullable PartFlows flows) {
            this.id = head.id();
            this.wantStarted = head.wantStarted();
            this.wantProgress = head.wantProgress();
            this.hasDeadline = head.hasDeadline();
            this.deadlineNanos = head.deadlineNanos();
            this.attempt = head.attempt();
            this.flows = flows;
            this.arrived = arrived;
        }

        @Override
        public Arrived arrived() {
            return arrived;
        }
    }
}
