package dev.streamipc.session;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import java.util.concurrent.TimeUnit;

/** The notifications that this side sends. */
final class Notes {

    private final PendingCalls pending;
    private final Outbound outbound;
    private final Queueing queueing;
    private final Gate gate;
    private final Scales scales;
    private final PeerSettings settings;

    /** What notifications need of their session. */
    record Parts(PendingCalls pending, Outbound outbound, Queueing queueing, Gate gate, Scales scales) {}

    Notes(Parts parts, PeerSettings settings) {
        this.pending = parts.pending();
        this.outbound = parts.outbound();
        this.queueing = parts.queueing();
        this.gate = parts.gate();
        this.scales = parts.scales();
        this.settings = settings;
    }

    /** Queues a notification, or throws why not. */
    void send(Message message, WhenFull whenFull) {
        throwIfClosed();
        if (!settings.registry().contains(message.getClass())) {
            throw new Rejected(
                    Rejected.Reason.NOT_REGISTERED,
                    "class=" + message.getClass().getName() + "; register it in the builders of both sides");
        }
        if (pass(message) == Next.FULL) {
            passLater(message, whenFull);
        }
    }

    private void throwIfClosed() {
        IpcFailure closed = pending.closedBy(Phase.QUEUED);
        if (closed != null) {
            throw closed;
        }
    }

    private Next pass(Message message) {
        return gate.isOpen()
                ? outbound.note(message)
                : gate.passNote(() -> outbound.note(message), () -> sendHeld(message), scales.bytesOf(message));
    }

    /** Its sender has gone on, and this thread reads: what hinders it now can only be logged. */
    private void sendHeld(Message message) {
        try {
            if (outbound.note(message) == Next.FULL) {
                throw full("; larger than it seemed before the hello");
            }
        } catch (IpcFailure failure) {
            SessionLog.LOG.error(
                    "notification not sent: type={}", message.getClass().getName(), failure);
        }
    }

    private void passLater(Message message, WhenFull whenFull) {
        if (whenFull == WhenFull.REJECT) {
            throw full("; the other side reads too slowly, send less or flush");
        }
        long since = settings.scheduler().nanoTime();
        long limitNanos = settings.times().deadline().toNanos();
        Queueing.End end = queueing.send(() -> pass(message), null, since + limitNanos);
        if (end == Queueing.End.DONE) {
            return;
        }
        throwIfClosed();
        long waitedMillis = TimeUnit.NANOSECONDS.toMillis(settings.scheduler().nanoTime() - since);
        throw full(", waitedMs=" + waitedMillis + "; " + whyNot(end));
    }

    private static String whyNot(Queueing.End end) {
        return switch (end) {
            case NOT_ALLOWED -> "a thread that reads must not wait";
            case INTERRUPTED -> "the wait for room was interrupted";
            default -> "the other side reads too slowly, send less or flush";
        };
    }

    private Rejected full(String more) {
        return new Rejected(
                Rejected.Reason.QUEUE_FULL,
                "queue=outbound, maxOutboundBytes=" + settings.limits().maxOutboundBytes() + more);
    }
}
