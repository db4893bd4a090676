package dev.streamipc.session;

/** The parts of a session through which the other side's messages reach the user's handlers, put together. */
final class InboundSide {

    final Handlers handlers = new Handlers();
    final InboundCalls calls;
    final WorkQueue queue;
    final Mailbox mailbox;
    final Serving serving;
    final Handling handling;

    /** What is told: no request runs any more; a handler is about to wait for room. */
    record Hooks(Runnable onIdle, Runnable beforeWaiting) {}

    InboundSide(Facts facts, OutboundSide out, Observers observers, Hooks hooks) {
        Limits limits = facts.settings().limits();
        Scheduler scheduler = facts.settings().scheduler();
        calls = new InboundCalls(hooks.onIdle());
        queue = new WorkQueue(limits.maxInboundItems(), limits.maxInboundBytes());
        mailbox = new Mailbox(limits.maxReceiveItems(), limits.maxInboundBytes());
        serving = new Serving(scheduler, new Serving.Parts(handlers, calls, queue, mailbox, out.outbound, observers));
        handling = new Handling(
                facts.name(),
                new Handling.Parts(handlers, calls, out.outbound, out.writer, scheduler),
                serving::maxFailureBytes,
                hooks.beforeWaiting());
    }

    /** Lets nothing in any more, and nothing start. */
    void shut() {
        calls.drain();
        queue.end();
        mailbox.end();
    }
}
