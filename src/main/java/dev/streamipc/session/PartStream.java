package dev.streamipc.session;

import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Parts that the other side sends as fast as they are taken here: 16 at most wait on this side, in order, none missing. It
 * has one consumer: a thread that iterates, or a subscriber.
 *
 * <p><b>Iterating</b> blocks for the next part, on any thread but a callback's. At the end of a stream that is not whole it
 * throws: at the asking side the {@link IpcFailure} of the call, in a handler a {@link CancellationException} that says why
 * nobody sends any more, or an {@link IpcFailure}. An interrupt ends the wait with a {@link CancellationException}, the flag
 * set. <b>A subscriber</b> gets one signal at a time on the callback executor, as many parts as it requested; one that
 * throws is taken for one that has cancelled.
 *
 * <p>The stream ends by the deadline of its call at the latest. {@link #close} before the end, and a cancelled subscription,
 * cancel the call; in the handler of an upload they only let the rest go by.
 *
 * @param <P> the type of the parts
 */
public final class PartStream<P extends Message> implements Flow.Publisher<P>, Iterable<P>, AutoCloseable {

    private final PartQueue<P> queue;
    private final Executor callbacks;
    private final AtomicBoolean consumed = new AtomicBoolean();

    PartStream(PartQueue<P> queue, Executor callbacks) {
        this.queue = queue;
        this.callbacks = callbacks;
    }

    /**
     * Returns what blocks for each part.
     *
     * @return for one thread at a time
     * @throws IllegalStateException if the stream has a consumer already
     */
    @Override
    public Iterator<P> iterator() {
        if (!consumed.compareAndSet(false, true)) {
            throw new IllegalStateException("stream has a consumer already; a stream can be taken once");
        }
        queue.ask(Long.MAX_VALUE);
        return new Parts();
    }

    /**
     * Adds the subscriber. Its {@code onSubscribe} runs on this thread; where the stream has a consumer already it gets an
     * {@link IllegalStateException} through its {@code onError}.
     *
     * @param subscriber gets the parts
     */
    @Override
    public void subscribe(Flow.Subscriber<? super P> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        if (!consumed.compareAndSet(false, true)) {
            subscriber.onSubscribe(new Nothing());
            subscriber.onError(new IllegalStateException("stream has a consumer already; a stream can be taken once"));
            return;
        }
        PartSignals<P> signals = new PartSignals<>(queue, subscriber, callbacks);
        try {
            subscriber.onSubscribe(signals);
        } catch (Throwable failure) {
            SessionLog.LOG.error("stream subscriber failed", failure);
            signals.cancel();
            return;
        }
        signals.begin();
    }

    /** Takes no more. Never blocks. Idempotent; does nothing once the stream has ended. */
    @Override
    public void close() {
        queue.close();
    }

    /** What a second subscriber holds. */
    private static final class Nothing implements Flow.Subscription {

        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
    }

    private final class Parts implements Iterator<P> {

        private @Nullable P ahead;

        @Override
        public boolean hasNext() {
            ahead = ahead != null ? ahead : awaitNext();
            return ahead != null;
        }

        private @Nullable P awaitNext() {
            try {
                queue.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while waiting for a part");
            }
            P next = queue.poll();
            if (next == null) {
                throwIfFailed();
            }
            return next;
        }

        private void throwIfFailed() {
            Throwable failure = queue.failure();
            if (failure instanceof RuntimeException known) {
                throw known;
            } else if (failure != null) {
                throw new IllegalStateException("stream ended: " + failure, failure);
            }
        }

        @Override
        public P next() {
            P next = hasNext() ? ahead : null;
            if (next == null) {
                throw new NoSuchElementException("the stream has ended");
            }
            ahead = null;
            return next;
        }
    }
}
