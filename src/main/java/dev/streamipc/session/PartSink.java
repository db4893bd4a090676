package dev.streamipc.session;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * Where the handler of a {@link dev.streamipc.message.StreamRequest} puts the parts. They leave as fast as the asker takes
 * them; none is lost. May be used from any thread until the handler has returned; threads that send at once take turns.
 *
 * @param <P> the type of the parts
 */
public final class PartSink<P extends Message> {

    private final PartSender sender;
    private final RequestContext context;
    private final Executor callbacks;

    PartSink(PartSender sender, RequestContext context, Executor callbacks) {
        this.sender = sender;
        this.context = context;
        this.callbacks = callbacks;
    }

    /**
     * Blocks until the asker wants the part, and queues it.
     *
     * @param part of a type that both sides know
     * @throws CancellationException if nobody waits for it any more, by the deadline at the latest, or if the thread is
     *     interrupted while it waits; the flag is set then
     * @throws IpcFailure {@code Rejected} if the type is not shared or the part too large, {@code Undecodable} if it can't be
     *     encoded
     */
    public void send(P part) {
        if (!sender.send(Objects.requireNonNull(part, "part"))) {
            throw over();
        }
    }

    private CancellationException over() {
        String usual = context.timeLeft().isZero()
                ? "deadline passed"
                : sender.demand().isLost() ? "demand damaged on the way" : "nobody takes the parts any more";
        return new CancellationException(context.cancellation().reason().orElse(usual));
    }

    /**
     * Blocks until a publisher has ended, and sends all that it has: as many parts are requested of it as the asker wants.
     * {@code request} and {@code cancel} are called on the callback executor; its {@code onNext} may block for room.
     *
     * @param parts the publisher
     * @throws CancellationException as {@link #send} does; the publisher is cancelled then
     * @throws Exception what the publisher failed with
     */
    public void sendAll(Flow.Publisher<? extends P> parts) throws Exception {
        PartPump<P> pump = new PartPump<>(sender, callbacks);
        CompletableFuture<Boolean> done = pump.done();
        pump.begin(parts);
        try {
            if (!done.get()) {
                throw over();
            }
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception failure ? failure : failed;
        } catch (InterruptedException interrupted) {
            pump.abandon();
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while a publisher sends");
        }
    }

    /**
     * Returns what the handler is told of the request.
     *
     * @return cancellation, time left, progress
     */
    public RequestContext context() {
        return context;
    }
}
