package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.frame.Kind;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.Undecodable;
import dev.streamipc.session.Work.Asked;
import dev.streamipc.session.Work.Noted;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs the user's handlers and sends their answers. On whatever thread drives the session, never on its reader. */
final class Handling {

    private static final long ROOM_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String sessionName;
    private final Handlers handlers;
    private final InboundCalls calls;
    private final Outbound outbound;
    private final Writer writer;
    private final Scheduler scheduler;
    private final HandlerContext.Parts contexts;
    private final @Nullable StreamThreads streamThreads;
    private final IntSupplier maxFailureBytes;
    private final Runnable beforeWaiting;

    /** What handling needs of its session. */
    record Parts(
            Handlers handlers,
            Writer writer,
            HandlerContext.Parts contexts,
            @Nullable StreamThreads streamThreads) {}

    /**
     * Makes the handling side of a session.
     *
     * @param maxFailureBytes how long a FAILURE may be for the other side
     */
    Handling(String sessionName, Parts parts, IntSupplier maxFailureBytes) {
        this.sessionName = sessionName;
        this.handlers = parts.handlers();
        this.writer = parts.writer();
        this.contexts = parts.contexts();
        this.streamThreads = parts.streamThreads();
        this.calls = contexts.calls();
        this.outbound = contexts.outbound();
        this.scheduler = contexts.scheduler();
        this.beforeWaiting = contexts.beforeWaiting();
        this.maxFailureBytes = maxFailureBytes;
    }

    /** Runs what handles this. Throws nothing, so that what comes next has its turn. */
    void run(Work work) {
        runGuarded(work, () -> {
            if (work instanceof Asked asked) {
                askWhereItMayWait(asked);
            } else if (work instanceof Noted noted && noted.arrived().open() == null) {
                note(noted.message());
            }
        });
    }

    private void runGuarded(Work work, Runnable body) {
        try {
            body.run();
        } catch (RuntimeException | Error failure) {
            SessionLog.LOG.error(
                    "{} not answered: type={}",
                    sessionName,
                    work.arrived().type().getName(),
                    failure);
        }
    }

    private void note(Message message) {
        for (Handlers.Registration handler : handlers.of(message.getClass())) {
            try {
                handler.take(message);
            } catch (Throwable failure) {
                SessionLog.LOG.error(
                        "{} message handler failed: type={}",
                        sessionName,
                        message.getClass().getName(),
                        failure);
            }
        }
    }

    /** Refuses what no executor takes, so that the caller need not wait for its deadline. Never blocks. */
    void refuseFull(Work work) {
        if (work instanceof Asked asked) {
            refuse(
                    asked,
                    FailureJson.rejected(
                            Rejected.Reason.QUEUE_FULL,
                            "the handler executor takes no more",
                            maxFailureBytes.getAsInt()));
        } else {
            SessionLog.LOG.warn(
                    "{} notification dropped: handler executor takes no more, type={}",
                    sessionName,
                    work.arrived().type().getName());
        }
    }

    /** A large argument is decoded now; the caller of one that can't be is told so. */
    private boolean isOpen(Asked asked) {
        Decoded failed = asked.arrived().open();
        if (failed != null) {
            refuse(
                    asked,
                    FailureJson.undecodable(
                            Undecodable.Subject.ARGUMENT,
                            failed.typeName(),
                            failed.problem(),
                            maxFailureBytes.getAsInt()));
        }
        return failed == null;
    }

    /** A handler that streams waits for the other side: on a thread of its own, or the user's. */
    private void askWhereItMayWait(Asked asked) {
        if (!calls.isCancelled(asked) && !isOpen(asked)) {
            return;
        }
        if (asked.flows == null || streamThreads == null) {
            ask(asked);
        } else if (!streamThreads.run(() -> runGuarded(asked, () -> ask(asked)))) {
            refuse(
                    asked,
                    FailureJson.rejected(
                            Rejected.Reason.QUEUE_FULL,
                            "too many streams at a time: maxStreams=" + StreamThreads.MOST,
                            maxFailureBytes.getAsInt()));
        }
    }

    private void ask(Asked asked) {
        switch (calls.start(asked, scheduler.nanoTime())) {
            case RUN -> runToAnswer(asked);
            case DROP -> calls.forget(asked);
            case REJECT_LATE -> refuse(asked, FailureJson.deadlinePassed(Phase.QUEUED, maxFailureBytes.getAsInt()));
            case REJECT_DRAINING ->
                refuse(
                        asked,
                        FailureJson.rejected(
                                Rejected.Reason.DRAINING, "the session is closing", maxFailureBytes.getAsInt()));
        }
    }

    private void refuse(Asked asked, byte[] failure) {
        calls.forget(asked);
        outbound.control(Kind.FAILURE, asked.id, failure);
    }

    private void runToAnswer(Asked asked) {
        try {
            if (asked.wantStarted) {
                untilRoom(() -> outbound.answerFrame(Kind.STARTED, asked.id, new byte[0]));
                untilWritten();
            }
            answer(asked);
        } finally {
            calls.done(asked);
            if (asked.flows != null) {
                asked.flows.end(new CancellationException("the handler has returned"));
            }
        }
    }

    private void answer(Asked asked) {
        HandlerContext context = new HandlerContext(contexts, asked);
        RequestStreams streams = context.streams();
        Message answer;
        try {
            answer = handle(asked, context);
        } catch (Throwable thrown) {
            SessionLog.LOG.debug(
                    "{} request handler failed: type={}",
                    sessionName,
                    asked.message().getClass().getName(),
                    thrown);
            untilRoom(context::sendLastProgress);
            fail(asked, failureOf(thrown, context));
            return;
        }
        untilRoom(context::sendLastProgress);
        if (answer == null) {
            fail(asked, unhandled(asked.message()));
        } else if (answer == StreamEnd.ANSWER && streams != null) {
            endParts(asked, streams.endParts(), context);
        } else {
            reply(asked, answer);
        }
    }

    /** A stream of which a part was not sent never looks whole, whatever its handler makes of that. */
    private void endParts(Asked asked, long count, HandlerContext context) {
        if (count < 0) {
            fail(asked, failureOf(new CancellationException("not all parts were sent"), context));
        } else {
            untilRoom(() -> outbound.lastPart(asked.id, count, Send.ANSWER));
        }
    }

    private @Nullable Message handle(Asked asked, HandlerContext context) throws Exception {
        HandledDeadline before = HandledDeadline.enter(asked.hasDeadline, asked.deadlineNanos);
        Scheduler.Due deadline = context.watchStreams();
        try {
            return handlers.answer(asked.message(), context);
        } finally {
            before.leave();
            deadline.cancel();
            context.handlerReturned();
            calls.returned(asked);
        }
    }

    /** A handler that stops because the time is up does not fail: its caller sees the time pass in the same moment. */
    private byte[] failureOf(Throwable thrown, HandlerContext context) {
        if (thrown instanceof ArgumentsRefused refused) {
            return FailureJson.undecodable(
                    Undecodable.Subject.ARGUMENT,
                    "streamipc.Call",
                    String.valueOf(refused.getMessage()),
                    maxFailureBytes.getAsInt());
        }
        return context.isCancelledByDeadline()
                ? FailureJson.deadlinePassed(Phase.RUNNING, maxFailureBytes.getAsInt())
                : FailureJson.handlerFailed(thrown, maxFailureBytes.getAsInt());
    }

    private byte[] unhandled(Message request) {
        return FailureJson.rejected(
                Rejected.Reason.UNHANDLED, handlers.whyUnhandled(request), maxFailureBytes.getAsInt());
    }

    private void reply(Asked asked, Message answer) {
        try {
            untilRoom(() -> outbound.reply(answer, asked.id));
        } catch (Undecodable undecodable) {
            SessionLog.LOG.warn(
                    "{} answer not sent: type={}",
                    sessionName,
                    answer.getClass().getName(),
                    undecodable);
            fail(
                    asked,
                    FailureJson.undecodable(
                            Undecodable.Subject.ANSWER,
                            undecodable.typeName(),
                            String.valueOf(undecodable.getMessage()),
                            maxFailureBytes.getAsInt()));
        }
    }

    private void fail(Asked asked, byte[] failure) {
        untilRoom(() -> outbound.answerFrame(Kind.FAILURE, asked.id, failure));
    }

    /** An answer is never refused for lack of room: its thread waits, until the session ends. */
    private void untilRoom(Supplier<Next> send) throws IpcFailure {
        if (send.get() != Next.FULL) {
            return;
        }
        beforeWaiting.run();
        boolean interrupted = false;
        outbound.answerWaits(true);
        try {
            do {
                interrupted |= !awaitRoom();
                // sending encodes, which is in vain until there is room
            } while (!outbound.hasRoom() || send.get() == Next.FULL);
        } finally {
            outbound.answerWaits(false);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Where this process is killed now, nobody takes what has begun for what has not. */
    private void untilWritten() {
        long end = outbound.endBytes();
        if (outbound.isGone(end)) {
            return;
        }
        beforeWaiting.run();
        while (!outbound.isGone(end)) {
            writer.awaitGone(end, ROOM_WAIT_NANOS);
        }
    }

    /** Returns false if it was interrupted: that ends this look, but the answer still has to leave. */
    private boolean awaitRoom() {
        try {
            writer.awaitRoom(ROOM_WAIT_NANOS);
            return true;
        } catch (InterruptedException interrupted) {
            return false;
        }
    }
}
