package dev.streamipc.session;

import dev.streamipc.clock.Scheduler;
import dev.streamipc.message.Message;
import dev.streamipc.session.Work.Asked;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What one run of the handlers of a request may use; made for each, so that it costs little until it is used. */
final class HandlerContext implements RequestContext {

    private final Parts parts;
    private final Asked asked;
    private final Thread handler = Thread.currentThread();
    private final @Nullable RequestStreams streams;
    private @Nullable CancelSignal signal; // guarded by this
    private @Nullable ProgressSender progress; // guarded by this, until the handler has returned
    private boolean returned; // guarded by this

    /**
     * What all contexts of a session share.
     *
     * @param sending how parts of streams are sent; its last part sees to it that somebody reads while a handler works
     */
    record Parts(InboundCalls calls, PartSender.Parts sending, Executor callbacks) {

        Outbound outbound() {
            return sending.outbound();
        }

        Scheduler scheduler() {
            return sending.scheduler();
        }

        Runnable beforeWaiting() {
            return sending.beforeWaiting();
        }
    }

    HandlerContext(Parts parts, Asked asked) {
        this.parts = parts;
        this.asked = asked;
        this.streams = asked.flows == null
                ? null
                : new RequestStreams(
                        asked, asked.flows, this, new RequestStreams.Sides(parts.sending(), parts.callbacks()));
    }

    /** Returns the streams that belong to the request; null if none do. */
    @Nullable
    RequestStreams streams() {
        return streams;
    }

    /** Ends the streams of the request at its deadline. Returns what takes that back. */
    Scheduler.Due watchStreams() {
        return streams == null ? () -> {} : streams.watch();
    }

    @Override
    public void progress(Message message) {
        Objects.requireNonNull(message, "message");
        if (!asked.wantProgress || parts.calls().isCancelled(asked)) {
            return;
        }
        ProgressSender sender;
        synchronized (this) {
            if (returned) {
                return;
            }
            if (progress == null) {
                progress = new ProgressSender(asked.id, parts.outbound(), parts.scheduler());
            }
            sender = progress;
        }
        sender.send(message);
    }

    @Override
    public Cancellation cancellation() {
        CancelSignal made;
        synchronized (this) {
            if (signal != null) {
                return signal;
            }
            made = new CancelSignal(
                    parts.callbacks(),
                    parts.scheduler(),
                    new CancelSignal.Facts(handler, asked.hasDeadline, asked.deadlineNanos));
            signal = made;
            if (returned) {
                made.handlerReturned();
                return made;
            }
        }
        made.watch();
        parts.calls().watch(asked, made);
        parts.beforeWaiting().run();
        return made;
    }

    @Override
    public Duration timeLeft() {
        if (!asked.hasDeadline) {
            return CallOptions.MAX_DEADLINE;
        }
        long left = asked.deadlineNanos - parts.scheduler().nanoTime();
        return Duration.ofNanos(Math.max(0, left));
    }

    @Override
    public int attempt() {
        return asked.attempt == null ? 1 : asked.attempt.number();
    }

    @Override
    public Optional<String> key() {
        return asked.attempt == null ? Optional.empty() : Optional.ofNullable(asked.attempt.key());
    }

    /**
     * Sends what waits of the progress, before the answer; {@link Next#FULL} if it has to wait for room first. On the thread that
     * called {@link #handlerReturned}, behind which none can come.
     */
    Next sendLastProgress() {
        ProgressSender sender = progress;
        return sender == null ? Next.NOTHING : sender.sendLast();
    }

    /** The handler has returned, on its thread: no progress, no cancel and no interrupt comes behind this. */
    void handlerReturned() {
        CancelSignal cancel;
        ProgressSender sender;
        synchronized (this) {
            returned = true;
            cancel = signal;
            sender = progress;
        }
        if (cancel != null) {
            // first: what follows may write, and an interrupt would close an NIO channel under it
            cancel.handlerReturned();
        }
        if (sender != null) {
            sender.end();
        }
    }

    synchronized boolean isCancelledByDeadline() {
        return (signal != null && signal.isByDeadline()) || (streams != null && streams.isEndedByDeadline());
    }
}
