package dev.streamipc.session;

import dev.streamipc.callback.Callbacks;
import dev.streamipc.callback.SerialExecutor;
import dev.streamipc.callback.UsersCallbacks;
import dev.streamipc.channel.IpcChannel;
import dev.streamipc.frame.FrameEncoder;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/** The parts of a session through which things leave, put together. */
final class OutboundSide {

    final Executor callbacks;
    final PendingCalls pending;
    final Gate gate;
    final Outbox outbox;
    final Writer writer;
    final Outbound outbound;
    final Stalls stalls;
    final Notes notes;
    final Pings pings;
    final CallWatch watch;
    final Asking asking;
    final Answers answers;
    final PartSender.Parts sending;
    final StreamCalls streams;

    /**
     * What is told: what becomes of writing; a call has got its outcome; what observers are to know. And whether the
     * calling thread may wait for room; and who is told that it is about to wait for the other side.
     */
    record Hooks(
            Consumer<IOException> onBroken,
            Runnable onIdle,
            Runnable onSettled,
            Consumer<SessionEvent> onEvent,
            BooleanSupplier mayWait,
            Runnable beforeWaiting) {}

    /**
     * Puts the parts together.
     *
     * @param channel what is written to
     * @param ours what our side says of itself
     */
    OutboundSide(Facts facts, IpcChannel channel, Hello ours, Hooks hooks) {
        PeerSettings settings = facts.settings();
        Limits limits = settings.limits();
        FrameEncoder encoder = new FrameEncoder(ours.salt());
        callbacks = settings.callbackExecutor()
                .<Executor>map(UsersCallbacks::new)
                .orElseGet(() -> new SerialExecutor("streamipc-callback-" + facts.name()));
        pending = new PendingCalls(limits.maxCalls());
        outbox = new Outbox(encoder, limits, channel.capacityBytes(), channel.mayCarryJunk());
        gate = new Gate(outbox.waits());
        stalls = new Stalls(
                facts.name(),
                outbox,
                new Stalls.Watch(settings.scheduler(), settings.times().stall()),
                hooks.onEvent());
        writer = facts.surroundings()
                .writer(
                        facts.name(),
                        outbox,
                        channel,
                        new Surroundings.WriterHooks(stalls::writing, hooks.onBroken(), hooks.onIdle(), this::rest));
        outbound = new Outbound(new Outbound.Parts(encoder, outbox, writer), channel.mayCarryJunk(), pending::size);
        Queueing queueing = new Queueing(outbox.waits(), pending, settings.scheduler(), hooks.mayWait());
        Scales scales = new Scales(settings, ours);
        notes = new Notes(new Notes.Parts(pending, outbound, queueing, gate, scales), settings);
        Callbacks toFutures = new Callbacks(
                callbacks, settings.scheduler(), facts.surroundings().spare());
        pings = new Pings(facts.role(), new Pings.Parts(outbound, outbox, gate, settings.scheduler(), toFutures));
        watch = new CallWatch(facts.name(), settings.scheduler());
        asking = new Asking(
                settings,
                facts.role(),
                new Asking.Parts(pending, outbox, outbound, queueing, gate, scales, toFutures, watch),
                hooks.onSettled());
        answers = new Answers(pending, outbox, watch, hooks.onSettled());
        sending = new PartSender.Parts(outbound, queueing, settings.scheduler(), hooks.beforeWaiting());
        streams = new StreamCalls(asking, sending, toFutures);
    }

    private void rest() {
        outbox.rest();
        pending.rest();
    }

    SessionStats.Calls calls() {
        return new SessionStats.Calls(
                watch.answered(), watch.failed(), pending.size(), answers.late(), answers.lateProgress());
    }

    /** Counts; what was not written by the end never will be, and waits no longer. */
    SessionStats.Out stats(long writtenBytes, boolean ended) {
        TwinBuffer.Load load = outbox.load();
        long queuedBytes = ended ? 0 : Math.max(0, load.bytes() - writtenBytes);
        return new SessionStats.Out(
                load.frames(), writtenBytes, load.notes(), queuedBytes, outbound.droppedRejections());
    }

    /** Returns whether the calling thread runs a callback of this session. */
    boolean isCallback() {
        return callbacks instanceof SerialExecutor own
                ? own.isCurrent()
                : callbacks instanceof UsersCallbacks users && users.isCurrent();
    }

    /** Lets our callback thread end as soon as it has nothing to do. */
    void retireCallbacks() {
        if (callbacks instanceof SerialExecutor own) {
            own.retire();
        }
    }

    /** Ends all calls and barriers, and every wait for room; refuses new ones. */
    void endCalls(Function<Phase, IpcFailure> verdict) {
        asking.endAll(verdict);
        pings.end(verdict);
        outbox.waits().stop();
    }

    /** Lets nothing out any more. */
    void shut() {
        asking.shut();
        stalls.end();
        outbox.end();
        writer.end();
    }
}
