package dev.streamipc.session;

import dev.streamipc.channel.IpcChannel;
import dev.streamipc.frame.FrameEncoder;
import java.util.concurrent.Executor;

/** The parts of a session through which things leave, put together. */
final class OutboundSide {

    final Executor callbacks;
    final PendingCalls pending;
    final Gate gate;
    final Outbox outbox;
    final Writer writer;
    final Outbound outbound;
    final Notes notes;
    final Pings pings;
    final CallWatch watch;
    final Asking asking;

    /** What is told: what becomes of writing; a call has got its outcome. */
    record Hooks(Surroundings.WriterHooks writer, Runnable onSettled) {}

    /**
     * Puts the parts together.
     *
     * @param channel what is written to
     * @param salt what our frames are salted with
     */
    OutboundSide(Facts facts, IpcChannel channel, int salt, Hooks hooks) {
        PeerSettings settings = facts.settings();
        Limits limits = settings.limits();
        FrameEncoder encoder = new FrameEncoder(salt);
        callbacks =
                settings.callbackExecutor().orElseGet(() -> new SerialExecutor("streamipc-callback-" + facts.name()));
        pending = new PendingCalls(limits.maxCalls());
        gate = new Gate(limits.maxCalls());
        outbox = new Outbox(encoder, limits.maxOutboundBytes(), channel.capacityBytes());
        writer = facts.surroundings().writer(facts.name(), outbox, channel, hooks.writer());
        outbound = new Outbound(new Outbound.Parts(encoder, outbox, writer), channel.mayCarryJunk(), pending::size);
        notes = new Notes(pending, outbound, gate, settings);
        pings = new Pings(facts.role(), new Pings.Parts(outbound, outbox, gate, settings.scheduler(), callbacks));
        watch = new CallWatch(facts.name(), settings.scheduler());
        asking = new Asking(
                settings,
                facts.role(),
                new Asking.Parts(pending, outbox, outbound, gate, callbacks, watch),
                hooks.onSettled());
    }

    SessionStats.Calls calls() {
        return new SessionStats.Calls(watch.answered(), watch.failed(), pending.size(), asking.lateAnswers());
    }

    /** Counts; what was not written by the end never will be, and waits no longer. */
    SessionStats.Out stats(long writtenBytes, boolean ended) {
        TwinBuffer.Load load = outbox.load();
        long queuedBytes = ended ? 0 : Math.max(0, load.bytes() - writtenBytes);
        return new SessionStats.Out(
                load.frames(), writtenBytes, load.notes(), queuedBytes, outbound.droppedRejections());
    }

    /** Lets our callback thread end as soon as it has nothing to do. */
    void retireCallbacks() {
        if (callbacks instanceof SerialExecutor own) {
            own.retire();
        }
    }

    /** Lets nothing out any more. */
    void shut() {
        asking.shut();
        outbox.end();
        writer.end();
    }
}
