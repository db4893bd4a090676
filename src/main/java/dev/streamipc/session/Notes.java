package dev.streamipc.session;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;

/** The notifications that this side sends. */
final class Notes {

    private final PendingCalls pending;
    private final Outbound outbound;
    private final Gate gate;
    private final PeerSettings settings;

    Notes(PendingCalls pending, Outbound outbound, Gate gate, PeerSettings settings) {
        this.pending = pending;
        this.outbound = outbound;
        this.gate = gate;
        this.settings = settings;
    }

    /** Queues a notification, or throws why not. */
    void send(Message message) {
        IpcFailure closed = pending.closedBy(Phase.QUEUED);
        if (closed != null) {
            throw closed;
        }
        if (!settings.registry().contains(message.getClass())) {
            throw new Rejected(
                    Rejected.Reason.NOT_REGISTERED,
                    "class=" + message.getClass().getName() + "; register it in the builders of both sides");
        }
        if (gate.isOpen()) {
            now(message);
        } else if (!gate.passNote(() -> later(message))) {
            throw full("beforeHello");
        }
    }

    private void now(Message message) {
        if (outbound.note(message) == Next.FULL) {
            throw full("outbound");
        }
    }

    /** Its sender has gone on: what hinders it now can only be logged. */
    private void later(Message message) {
        try {
            now(message);
        } catch (IpcFailure failure) {
            SessionLog.LOG.error(
                    "notification not sent: type={}", message.getClass().getName(), failure);
        }
    }

    private Rejected full(String queue) {
        return new Rejected(
                Rejected.Reason.QUEUE_FULL,
                "queue=" + queue + ", maxOutboundBytes=" + settings.limits().maxOutboundBytes()
                        + "; the other side reads too slowly, send less or flush");
    }
}
