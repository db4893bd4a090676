package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.ChildDied;
import dev.streamipc.message.ExitReport;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Phase;
import dev.streamipc.message.ProtocolError;
import dev.streamipc.message.SessionClosed;
import dev.streamipc.message.SessionClosed.Who;
import dev.streamipc.message.StartFailed;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Leads a session to its end, as {@link EndRules} say: takes what happens, from any thread, and does what that asks for.
 * Nothing here blocks but {@link #awaitReleased}.
 */
final class Ending {
    /*
     * Whatever happens, one thread gets to ENDED: it gives every call its outcome and lets nothing in any more. What may
     * block, the stop ladder and the close of the channel, runs on a thread of its own afterwards.
     */

    private static final Duration BRISK = Duration.ofMillis(500);

    /** What an ending tells the rest of its session. */
    interface Session {
        String name();

        /** Ends all calls, refuses new ones. */
        void endCalls(Function<Phase, IpcFailure> verdict);

        /** Takes a goodbye's word for the calls that were not started. */
        void endCallsBehind(Goodbye goodbye, Function<Phase, IpcFailure> refuseNew);

        /** Tells the handlers that run that nobody waits for them. */
        void cancelHandlers(String why);

        /** Lets no request start any more and says GOODBYE. */
        void sayGoodbye(Goodbye.Reason reason, String text);

        /** No request is running, and no call waits. */
        boolean isQuiet();

        /** No request of the other side is here any more, begun or not. */
        boolean owesNothing();

        /** Writes something that means nothing. */
        void probe();

        /** Nothing is left to write. */
        boolean isWritten();

        /** Lets nothing in or out any more; {@code why} is what calls end with. */
        void shut(IpcFailure why);

        /** The session counts as over. */
        void tellClosed(IpcFailure why);

        /** Takes nothing more of what is being read. On the thread that reads. */
        void stopReading();

        ExitReport exitReport();
    }

    private final Session session;
    private final Facts facts;
    private final EndRules rules;
    private final Duration closeLimit;
    private final Consumer<Boolean> onOver;
    private final AtomicReference<EndState> state;
    private final Queue<Scheduler.Due> timers = new ConcurrentLinkedQueue<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean over;

    /**
     * Makes the ending of a session.
     *
     * @param onOver told once all is released: true if the end was orderly
     */
    Ending(Session session, Facts facts, Consumer<Boolean> onOver) {
        this.session = session;
        this.facts = facts;
        this.closeLimit = facts.settings().times().close();
        this.rules = new EndRules(closeLimit.toNanos());
        this.state = new AtomicReference<>(EndState.open(facts.otherEnd().hasProcess()));
        this.onOver = onOver;
    }

    private EndState now() {
        return Objects.requireNonNull(state.get());
    }

    /** Returns whether the end is decided; calls may still be getting their outcomes. */
    private boolean isEnded() {
        return now().stage() == EndState.Stage.ENDED;
    }

    /** Returns whether every call has its outcome, and none is taken any more. */
    boolean isOver() {
        return over;
    }

    /** Returns whether both goodbyes are out and only what is left has to be written. */
    boolean isFinishing() {
        EndState now = now();
        return now.stage() == EndState.Stage.LEAVING || (now.isOrderly() && session.isQuiet());
    }

    /** Begins an orderly end from this side. */
    void close() {
        on(new EndEvent.CloseCalled());
    }

    /** Takes the other side's GOODBYE. */
    void heard(Goodbye goodbye) {
        on(new EndEvent.Heard(goodbye));
    }

    /** A call has its outcome, or a request its answer. */
    void changed() {
        EndState.Stage stage = now().stage();
        boolean quiet = stage == EndState.Stage.PARTING && session.isQuiet();
        if (quiet || (stage == EndState.Stage.OWING && session.owesNothing())) {
            on(new EndEvent.Quiet());
        }
    }

    /** The writer has nothing more to do. */
    void writerIdle() {
        EndState seen = now();
        boolean isAwaited =
                seen.stage() == EndState.Stage.LEAVING || (seen.stage() == EndState.Stage.DOOMED && seen.queued());
        // in this order: a goodbye that is queued behind the look at the buffer would count as written
        if (isAwaited && session.isWritten()) {
            on(new EndEvent.Written());
        }
    }

    /** The other side broke a rule. On the thread that reads. */
    void violation(String rule, long offsetBytes, String hexNear) {
        on(broken(rule, offsetBytes, hexNear));
    }

    /** The stream ended inside a frame. On the thread that reads. */
    void cutOff(String rule, long offsetBytes, String hexNear) {
        on(new EndEvent.CutOff(broken(rule, offsetBytes, hexNear)));
    }

    private static EndEvent.Broken broken(String rule, long offsetBytes, String hexNear) {
        return new EndEvent.Broken(
                Goodbye.Reason.PROTOCOL_ERROR, rule, phase -> new ProtocolError(phase, rule, offsetBytes, hexNear));
    }

    /** The two sides can't talk. On the thread that reads. */
    void refuse(String text) {
        on(new EndEvent.Broken(Goodbye.Reason.REFUSED, text, phase -> new StartFailed(text, List.of(), null, null)));
    }

    /** The other side may not come in, nor learn anything of this one. On the thread that reads. */
    void turnAway(String text) {
        session.stopReading();
        on(new EndEvent.Abandoned(phase -> new StartFailed(text, List.of(), null, null)));
    }

    /** Nobody got hold of the session: it ends without a goodbye. */
    void abandon(String why) {
        on(new EndEvent.Abandoned(phase -> new SessionClosed(phase, Who.THIS_SIDE, why)));
    }

    /** The start takes too long. On the scheduler's thread. */
    void startTimedOut(String what, Duration limit) {
        String text = what + ", limitMs=" + limit.toMillis();
        on(new EndEvent.Abandoned(phase -> new StartFailed(text, List.of(), null, null)));
    }

    /** Nothing more comes in. */
    void inputEnded(String why) {
        on(new EndEvent.InputEnded(why));
    }

    /** Nothing can be written any more. */
    void outputBroken(String why) {
        on(new EndEvent.OutputBroken(why));
    }

    /** The process has exited. */
    void processExited() {
        on(new EndEvent.Exited());
    }

    private void on(EndEvent event) {
        EndState before = now();
        EndStep step = rules.step(before, event);
        while (!state.compareAndSet(before, step.next())) {
            before = now();
            step = rules.step(before, event);
        }
        step.actions().forEach(this::perform);
    }

    private void perform(EndAction action) {
        if (action instanceof EndAction.EndCalls end) {
            session.endCalls(end.verdict());
        } else if (action instanceof EndAction.EndCallsBehind end) {
            session.endCallsBehind(end.goodbye(), end.refuseNew());
        } else if (action instanceof EndAction.CancelHandlers cancel) {
            session.cancelHandlers(cancel.why());
        } else if (action instanceof EndAction.SayGoodbye say) {
            session.sayGoodbye(say.reason(), say.text());
            on(new EndEvent.GoodbyeQueued());
        } else if (action instanceof EndAction.StopReading) {
            session.stopReading();
        } else if (action instanceof EndAction.Parted) {
            facts.otherEnd().parted();
        } else if (action instanceof EndAction.InputGone) {
            facts.otherEnd().inputEnded();
        } else {
            performLast(action);
        }
    }

    private void performLast(EndAction action) {
        if (action instanceof EndAction.Later later && !isEnded()) {
            timers.add(facts.settings().scheduler().schedule(() -> on(later.event()), later.nanos()));
        } else if (action instanceof EndAction.Probe && now().stage() == EndState.Stage.OWING) {
            session.probe();
        } else if (action instanceof EndAction.AwaitQuiet) {
            changed();
        } else if (action instanceof EndAction.AwaitWritten) {
            writerIdle();
        } else if (action instanceof EndAction.End end) {
            end(end.verdict(), end.orderly());
        } else if (action instanceof EndAction.EndAsDied) {
            facts.surroundings().run("streamipc-end-" + session.name(), this::endAsDied);
        }
    }

    private void endAsDied() {
        Function<Phase, IpcFailure> verdict;
        try {
            ExitReport report = session.exitReport();
            verdict = phase -> new ChildDied(phase, report);
        } catch (RuntimeException | Error failure) {
            // a process of the user's own making may refuse to say how it ended, and the calls still have to end
            SessionLog.LOG.error("{} no exit report", session.name(), failure);
            verdict = phase -> new SessionClosed(phase, Who.STREAM, "the process exited, how is not known");
        }
        end(verdict, false);
    }

    private void end(Function<Phase, IpcFailure> verdict, boolean orderly) {
        timers.forEach(Scheduler.Due::cancel);
        IpcFailure why = verdict.apply(Phase.QUEUED);
        try {
            session.endCalls(verdict);
            session.shut(why);
        } finally {
            over = true;
            told(why, orderly);
        }
    }

    /** Who is told of the end and looks must find it; and whatever happens, what is behind the session is released. */
    private void told(IpcFailure why, boolean orderly) {
        try {
            session.tellClosed(why);
        } finally {
            facts.surroundings().run("streamipc-end-" + session.name(), () -> release(orderly));
        }
    }

    private void release(boolean orderly) {
        try {
            facts.otherEnd().release(orderly ? closeLimit : BRISK);
        } finally {
            // who waits for the release expects the peer to have let go
            onOver.accept(orderly);
            released.countDown();
        }
    }

    /** Waits until everything is released; false if the time is up. */
    boolean awaitReleased(Duration limit) throws InterruptedException {
        return released.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }
}
