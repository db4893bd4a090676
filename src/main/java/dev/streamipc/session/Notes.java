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
    private final Limits limits;

    Notes(PendingCalls pending, Outbound outbound, Gate gate, Limits limits) {
        this.pending = pending;
        this.outbound = outbound;
        this.gate = gate;
        this.limits = limits;
    }

    /** Queues a notification, or throws why not. */
    void send(Message message) {
        IpcFailure closed = pending.closedBy(Phase.QUEUED);
        if (closed != null) {
            throw closed;
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
            SessionLog.LOG.error("notification not sent: type={}", message.getClass().getName(), failure);
        }
    }

    private Rejected full(String queue) {
        return new Rejected(
                Rejected.Reason.QUEUE_FULL,
                "queue=" + queue + ", maxOutboundBytes=" + limits.maxOutboundBytes()
                        + "; the other side reads too slowly, send less or flush");
    }
}
