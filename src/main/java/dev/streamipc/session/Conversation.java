package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.ExitReport;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Phase;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** The parts of one session, put together: everything behind {@link IpcSession}. */
final class Conversation implements Ending.Session {

    private static final long EXIT_WAIT_MILLIS = 900;

    final Observers observers;
    final OutboundSide out;
    final InboundSide in;
    final Drive driving;
    final Ending ending;
    private final Facts facts;
    private final Wire wire;
    private final Opening opening;
    private final Intake intake;
    private volatile Scheduler.Due startWatch = () -> {};

    /**
     * Puts a session together; nothing is sent or read yet.
     *
     * @param onOver told once the session has ended and released everything: true if the end was orderly
     */
    Conversation(Facts facts, Consumer<Boolean> onOver) {
        this.facts = facts;
        PeerSettings settings = facts.settings();
        Handshake handshake = new Handshake(
                settings,
                facts.role(),
                facts.surroundings().salt(),
                facts.admission().shown());
        wire = new Wire(facts, new WireTrace(facts, handshake.ours().salt()));
        ending = new Ending(this, facts, onOver);
        out = new OutboundSide(facts, wire, handshake.ours(), hooks(ending));
        observers = new Observers(out.callbacks);
        in = new InboundSide(facts, out, observers, new InboundSide.Hooks(ending::changed, this::beforeWaiting));
        opening = new Opening(handshake, facts.admission(), out.outbound);
        Inbound inbound = new Inbound(
                facts,
                new Inbound.Parts(opening, ending, out, in, observers),
                new Inbound.Steps(this::agreed, this::otherReady, this::handOver));
        intake = new Intake(
                wire,
                new Intake.Takers(wire.watched(inbound), new Grounds(out.pending, in.lane), out.callbacks),
                settings.limits().maxPayloadBytes());
        driving = facts.surroundings()
                .drive(
                        facts.name(),
                        new Drive.Parts(
                                intake,
                                in.queue,
                                in.handling,
                                new Batches(in.queue, in.handling, out.outbox, out.writer),
                                settings.isLowLatency()),
                        settings.handlerExecutor().orElse(null),
                        new Drive.Hooks(
                                this::sayReady,
                                this::inputEnded,
                                ending::isOver,
                                ending::isFinishing,
                                () -> out.pending.size() > 0 || out.pings.isWaiting()));
    }

    private void inputEnded(String why) {
        in.lane.behind(() -> {
            in.calls.endIncomingParts("no part can come: " + why);
            ending.inputEnded(why);
        });
    }

    private OutboundSide.Hooks hooks(Ending end) {
        return new OutboundSide.Hooks(
                this::outputBroken, end::writerIdle, end::changed, this::tell, this::mayWait, this::beforeWaiting);
    }

    /** Sends HELLO and begins to watch: the other side's HELLO and, of a child, its READY are due. */
    void open() {
        try {
            opening.sayHelloUnlessDemanding();
        } catch (IOException tooLong) {
            throw new IllegalArgumentException(tooLong.getMessage(), tooLong);
        }
        watchStart(facts.helloLimit());
        facts.otherEnd().process().ifPresent(child -> child.nameCalls(out.pending::only));
        facts.otherEnd().whenExited(() -> in.lane.behind(ending::processExited));
    }

    CompletableFuture<ExitReport> exited() {
        return facts.otherEnd()
                .process()
                .map(child -> child.exited().thenApplyAsync(exit -> exitReport(), out.callbacks))
                .orElseGet(() -> CompletableFuture.failedFuture(
                        new IllegalStateException("no process behind this session: name=" + facts.name())));
    }

    /** A child that closed its stream is most likely on its way out. No signal of ours is sent so soon. Blocks. */
    boolean exitsSoon() {
        return facts.otherEnd()
                .process()
                .orElseThrow()
                .exited()
                .thenApply(exit -> true)
                .completeOnTimeout(false, EXIT_WAIT_MILLIS, TimeUnit.MILLISECONDS)
                .join();
    }

    private void watchStart(Duration limit) {
        startWatch = facts.settings().scheduler().schedule(() -> checkStart(limit), limit.toNanos());
    }

    private void checkStart(Duration limit) {
        if (!driving.isReading() && !ending.isOver()) {
            // what the other side has said may be there, but nobody has looked
            watchStart(limit);
        } else if (!opening.agreed().isDone()) {
            ending.startTimedOut(
                    "no hello from the other side; is it a stream-ipc program that talks to this one?", limit);
        } else if (facts.role() == Role.PARENT && !opening.isReadyHeard()) {
            ending.startTimedOut("no ready from the other side; does it call serve, tick or start?", limit);
        }
    }

    boolean isAdmitted() {
        return opening.isAdmitted();
    }

    CompletableFuture<Agreement> agreement() {
        return opening.agreed();
    }

    private void agreed(Agreement agreement) {
        intake.agreed(agreement);
        wire.trace().agreed(agreement);
        in.serving.agreed(agreement);
        out.outbound.agreed(agreement);
        out.gate.open();
        facts.otherEnd().ready();
        if (facts.isStranger()) {
            startWatch.cancel();
            watchStart(facts.startLimit());
        }
        opening.complete(agreement);
    }

    private void otherReady(boolean withReader) {
        startWatch.cancel();
        out.writer.after(out.outbox.open(withReader));
        Agreement agreement = opening.agreement();
        if (agreement != null) {
            // else the session has ended meanwhile
            observers.tell(new SessionEvent.Opened(agreement.other().name()));
        }
    }

    private void sayReady(boolean withReader) {
        opening.sayReady(withReader);
    }

    private void handOver() {
        driving.handOver();
    }

    private void beforeWaiting() {
        driving.beforeWaiting();
    }

    private boolean mayWait() {
        return driving.mayWait();
    }

    private void tell(SessionEvent event) {
        observers.tell(event);
    }

    private void outputBroken(IOException why) {
        ending.outputBroken("writing failed: " + why);
    }

    SessionStats stats() {
        return new SessionStats(out.calls(), out.stats(wire.bytesOut(), ending.isOver()), in.stats(wire));
    }

    /** Returns whether the calling thread must not wait for the session's end. */
    boolean isInside() {
        return driving.isInside() || in.isStreaming() || out.isCallback();
    }

    @Override
    public String name() {
        return facts.name();
    }

    @Override
    public void endCalls(Function<Phase, IpcFailure> verdict) {
        out.endCalls(verdict);
    }

    @Override
    public void endCallsBehind(Goodbye goodbye, Function<Phase, IpcFailure> refuseNew) {
        if (goodbye.isDamaged()) {
            out.pending.refuse(refuseNew);
        } else {
            out.asking.endBehind(goodbye.lastStarted(), refuseNew);
        }
        out.outbox.waits().stop();
    }

    @Override
    public void cancelHandlers(String why) {
        in.calls.cancelRunning(why);
    }

    @Override
    public void sayGoodbye(Goodbye.Reason reason, String text) {
        byte[] goodbye = new Goodbye(reason, text, in.calls.drain()).toJson();
        out.gate.passLast(() -> out.outbound.goodbye(goodbye));
        if (!driving.isReading()) {
            // of a session that nobody ever started, too, the other side's goodbye is to be heard
            startReader();
        }
    }

    /** Sends a request, and starts the session if that is not done. */
    <R> CompletableFuture<R> ask(Message request, CallOptions options, Asking.Extra extra) {
        driving.start();
        return out.asking.request(request, options, extra);
    }

    /** The same with a PING. */
    CompletableFuture<Duration> barrier(Duration limit) {
        driving.start();
        return out.pings.ping(limit);
    }

    /** An outcome that the calling thread does not wait for here. */
    <R> CompletableFuture<R> unwaited(CompletableFuture<R> outcome) {
        driving.beforeWaiting();
        return outcome;
    }

    /** Blocks for an outcome, on the thread that is to stand in its failure's stack. */
    <R> R outcome(CompletableFuture<R> outcome) {
        driving.beforeBlocking(outcome);
        return CallSite.join(outcome);
    }

    private void startReader() {
        try {
            driving.startReader();
        } catch (OutOfMemoryError noThread) {
            SessionLog.LOG.error("no thread to be had: name={}", name(), noThread);
        }
    }

    @Override
    public boolean isQuiet() {
        return in.calls.isIdle() && out.pending.size() == 0;
    }

    @Override
    public boolean owesNothing() {
        return in.calls.isEmpty();
    }

    @Override
    public void probe() {
        out.outbound.control(Kind.VOID, 0, new byte[0]);
    }

    @Override
    public boolean isWritten() {
        return out.outbox.isWritten();
    }

    @Override
    public void shut(IpcFailure why) {
        startWatch.cancel();
        in.shut(String.valueOf(why.getMessage()));
        out.shut();
        opening.fail(why);
        driving.retire();
    }

    @Override
    public void tellClosed(IpcFailure why) {
        observers.tell(new SessionEvent.Closed(why));
        out.retireCallbacks();
    }

    @Override
    public void stopReading() {
        intake.stop();
    }

    @Override
    public ExitReport exitReport() {
        return facts.otherEnd().report(out.watch.answeredInAll(), out.pending.size());
    }
}
