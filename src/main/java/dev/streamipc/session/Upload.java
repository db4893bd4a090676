package dev.streamipc.session;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * A request under way that brings a stream along. Send the parts, then {@link #finish}; closing it before that cancels the
 * call. All methods may be called from any thread; threads that send at once take turns.
 *
 * @param <P> the type of the parts
 * @param <R> the type of the answer
 */
public final class Upload<P extends Message, R extends Message> implements AutoCloseable {

    private final CompletableFuture<R> answer;
    private final PartSender sender;
    private final Executor callbacks;
    private volatile boolean ended;

    Upload(CompletableFuture<R> answer, PartSender sender, Executor callbacks) {
        this.answer = answer;
        this.sender = sender;
        this.callbacks = callbacks;
    }

    /**
     * Blocks until the handler wants the part, and queues it. Not to be called on a callback thread.
     *
     * @param part of a type that both sides know
     * @return false if the call has ended, by its deadline at the latest: {@link #answer} says how
     * @throws IpcFailure {@code Rejected} if the type is not shared or the part too large, {@code Undecodable} if it can't be
     *     encoded; the call goes on
     * @throws CancellationException if the thread is interrupted while it waits; the flag is set then
     * @throws IllegalStateException behind {@link #end}
     */
    public boolean send(P part) {
        return sender.send(Objects.requireNonNull(part, "part"));
    }

    /**
     * Sends all that a publisher has, and then the end: as many parts are requested of it as the handler wants. Never blocks;
     * {@code request} and {@code cancel} are called on the callback executor, and {@code onNext} may block for room. A publisher
     * that fails cancels the call.
     *
     * @param parts the publisher
     * @return the answer, as {@link #answer} does
     */
    public CompletableFuture<R> sendAll(Flow.Publisher<? extends P> parts) {
        PartPump<P> pump = new PartPump<>(sender, callbacks);
        pump.done().whenComplete((whole, failure) -> {
            if (failure != null) {
                SessionLog.LOG.warn("upload cancelled: its publisher failed", failure);
                close();
            } else if (whole) {
                end();
            }
        });
        pump.begin(parts);
        return answer;
    }

    /**
     * Says that no part comes any more. Blocks only for room, or for the other side's hello. Idempotent.
     *
     * @return the answer, as {@link #answer} does
     */
    public CompletableFuture<R> end() {
        ended = sender.end();
        return answer;
    }

    /**
     * Says that no part comes any more, and blocks for the answer. Not to be called on a callback thread.
     *
     * @return the answer
     * @throws IpcFailure if the call ends without an answer
     */
    public R finish() {
        return CallSite.join(end());
    }

    /**
     * Returns the answer, which may come before all parts were sent: the handler wants no more of them then.
     *
     * @return completes with the answer, or with an {@link IpcFailure}
     */
    public CompletableFuture<R> answer() {
        return answer;
    }

    /** Cancels the call unless the end was sent. Never blocks. Idempotent. */
    @Override
    public void close() {
        if (!ended) {
            answer.cancel(true);
        }
    }
}
