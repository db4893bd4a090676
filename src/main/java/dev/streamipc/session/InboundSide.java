package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.frame.Kind;
import org.jspecify.annotations.Nullable;

/** The parts of a session through which the other side's messages reach the user's handlers, put together. */
final class InboundSide {

    final Handlers handlers = new Handlers();
    final InboundCalls calls;
    final WorkQueue queue;
    final Mailbox mailbox;
    final Serving serving;
    final Handling handling;
    final Lane lane;
    private final @Nullable StreamThreads streamThreads;

    /** What is told: no request runs any more; a handler is about to wait, or to listen. */
    record Hooks(Runnable onIdle, Runnable beforeWaiting) {}

    InboundSide(Facts facts, OutboundSide out, Observers observers, Hooks hooks) {
        PeerSettings settings = facts.settings();
        Limits limits = settings.limits();
        Scheduler scheduler = settings.scheduler();
        lane = new Lane(facts.surroundings().lane(facts.name()));
        calls = new InboundCalls(hooks.onIdle());
        queue = new WorkQueue(limits.maxInboundItems(), limits.maxInboundBytes());
        mailbox = new Mailbox(limits.maxReceiveItems(), limits.maxInboundBytes());
        streamThreads = settings.handlerExecutor().isPresent()
                ? null
                : facts.surroundings().streamThreads(facts.name());
        DemandNotes demandNotes = new DemandNotes(out.outbound, scheduler);
        serving = new Serving(
                scheduler,
                new Serving.Parts(
                        handlers,
                        calls,
                        queue,
                        mailbox,
                        out.outbound,
                        observers,
                        id -> new RequestFeed(id, demandNotes, hooks.beforeWaiting())));
        handling = new Handling(
                facts.name(),
                new Handling.Parts(
                        handlers,
                        out.writer,
                        new HandlerContext.Parts(calls, out.sending, out.callbacks),
                        streamThreads),
                serving::maxFailureBytes);
    }

    /** What the parts that a request brings need. What is not wanted goes by. */
    private record RequestFeed(long id, DemandNotes notes, Runnable told) implements PartQueue.Feed {

        @Override
        public void demand(long total) {
            notes.tell(id, total);
        }

        @Override
        public void cancel() {}

        @Override
        public void beforeWaiting() {
            told.run();
        }
    }

    /** Returns whether the calling thread runs a handler that streams. */
    boolean isStreaming() {
        return streamThreads != null && streamThreads.isCurrent();
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
