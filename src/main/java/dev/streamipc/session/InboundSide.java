package dev.streamipc.session;

import dev.streamipc.frame.Kind;

/** The parts of a session through which the other side's messages reach the user's handlers, put together. */
final class InboundSide {

    final Handlers handlers = new Handlers();
    final InboundCalls calls;
    final WorkQueue queue;
    final Mailbox mailbox;
    final Serving serving;
    final Handling handling;
    final Lane lane;

    /** What is told: no request runs any more; a handler is about to wait, or to listen. */
    record Hooks(Runnable onIdle, Runnable beforeWaiting) {}

    InboundSide(Facts facts, OutboundSide out, Observers observers, Hooks hooks) {
        Limits limits = facts.settings().limits();
        Scheduler scheduler = facts.settings().scheduler();
        lane = new Lane(facts.surroundings().lane(facts.name()));
        calls = new InboundCalls(hooks.onIdle());
        queue = new WorkQueue(limits.maxInboundItems(), limits.maxInboundBytes());
        mailbox = new Mailbox(limits.maxReceiveItems(), limits.maxInboundBytes());
        serving = new Serving(scheduler, new Serving.Parts(handlers, calls, queue, mailbox, out.outbound, observers));
        handling = new Handling(
                facts.name(),
                new Handling.Parts(
                        handlers,
                        out.writer,
                        new HandlerContext.Parts(calls, out.outbound, scheduler, out.callbacks, hooks.beforeWaiting())),
                serving::maxFailureBytes);
    }

    SessionStats.In stats(Wire wire) {
        return new SessionStats.In(
                wire.framesIn(),
                wire.bytesIn(),
                wire.framesIn(Kind.REQUEST),
                wire.framesIn(Kind.NOTIFY),
                queue.size(),
                mailbox.size(),
                serving.droppedNotes(),
                wire.junkBytes(),
                wire.damagedFrames());
    }

    /** Lets nothing in any more, and nothing start; what runs is told that nobody waits for it. */
    void shut(String why) {
        calls.drain();
        calls.cancelRunning(why);
        queue.end();
        mailbox.end();
        lane.retire();
    }
}
