package dev.streamipc.session;

import dev.streamipc.frame.Kind;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import dev.streamipc.message.Phase;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.Undecodable;
import dev.streamipc.session.Work.Asked;
import dev.streamipc.session.Work.Noted;
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
    private final IntSupplier maxFailureBytes;
    private final Runnable beforeWaiting;

    /** What handling needs of its session. */
    record Parts(Handlers handlers, Writer writer, HandlerContext.Parts contexts) {}

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
        this.calls = contexts.calls();
        this.outbound = contexts.outbound();
        this.scheduler = contexts.scheduler();
        this.beforeWaiting = contexts.beforeWaiting();
        this.maxFailureBytes = maxFailureBytes;
    }

    /** Runs what handles this. Throws nothing, so that what comes next has its turn. */
    void run(Work work) {
        try {
            if (work instanceof Asked asked) {
                if (calls.isCancelled(asked) || isOpen(asked)) {
                    ask(asked);
                }
            } else if (work instanceof Noted noted && noted.arrived().open() == null) {
                note(noted.message());
            }
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
            }
            answer(asked);
        } finally {
            calls.done(asked);
        }
    }

    private void answer(Asked asked) {
        HandlerContext context = new HandlerContext(contexts, asked);
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
        } else {
            reply(asked, answer);
        }
    }

    private @Nullable Message handle(Asked asked, HandlerContext context) throws Exception {
        HandledDeadline before = HandledDeadline.enter(asked.hasDeadline, asked.deadlineNanos);
        try {
            return handlers.answer(asked.message(), context);
        } finally {
            before.leave();
            context.handlerReturned();
        }
    }

    /** A handler that stops because the time is up does not fail: its caller sees the time pass in the same moment. */
    private byte[] failureOf(Throwable thrown, HandlerContext context) {
        return context.isCancelledByDeadline()
                ? FailureJson.deadlinePassed(Phase.RUNNING, maxFailureBytes.getAsInt())
                : FailureJson.handlerFailed(thrown, maxFailureBytes.getAsInt());
    }

    private byte[] unhandled(Message request) {
        return FailureJson.rejected(
                Rejected.Reason.UNHANDLED,
                "type=" + request.getClass().getSimpleName() + ", handlers="
                        + handlers.of(request.getClass()).size() + "; register a handler for it on the other side",
                maxFailureBytes.getAsInt());
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
