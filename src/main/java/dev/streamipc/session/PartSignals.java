package dev.streamipc.session;

import dev.streamipc.message.Message;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Gives the parts of a stream to a subscriber, one signal at a time, on the callback executor. */
final class PartSignals<P extends Message> implements Flow.Subscription {

    private static final int MOST_SIGNALS_A_TURN = 256;

    private final PartQueue<P> queue;
    private final Flow.Subscriber<? super P> subscriber;
    private final Executor callbacks;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile @Nullable Throwable misuse;
    private volatile boolean begun;
    private volatile boolean over;

    PartSignals(PartQueue<P> queue, Flow.Subscriber<? super P> subscriber, Executor callbacks) {
        this.queue = queue;
        this.subscriber = Objects.requireNonNull(subscriber, "subscriber");
        this.callbacks = callbacks;
    }

    /** Begins, behind {@code onSubscribe}. */
    void begin() {
        begun = true;
        queue.onChange(this::signalSoon);
    }

    @Override
    public void request(long count) {
        if (count > 0) {
            queue.ask(count);
        } else {
            misuse = new IllegalArgumentException("request of less than one: count=" + count);
            signalSoon();
        }
    }

    @Override
    public void cancel() {
        over = true;
        queue.close();
    }

    private void signalSoon() {
        if (!begun || over || !scheduled.compareAndSet(false, true)) {
            return;
        }
        try {
            callbacks.execute(this::signal);
        } catch (RuntimeException | Error rejected) {
            SessionLog.LOG.error("stream not handed over: callback executor takes no more", rejected);
            cancel();
        }
    }

    private void signal() {
        for (int i = 0; i < MOST_SIGNALS_A_TURN && !over; i++) {
            P part = misuse == null ? queue.poll() : null;
            if (part != null) {
                tell(part);
            } else if (misuse != null || queue.isDone()) {
                finish();
            } else {
                break;
            }
        }
        scheduled.set(false);
        if (!over && (queue.hasPart() || queue.isDone() || misuse != null)) {
            signalSoon();
        }
    }

    private void tell(P part) {
        try {
            subscriber.onNext(part);
        } catch (Throwable failure) {
            SessionLog.LOG.error("stream subscriber failed", failure);
            cancel();
        }
    }

    private void finish() {
        Throwable why = misuse != null ? misuse : queue.failure();
        cancel();
        try {
            if (why == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(why);
            }
        } catch (Throwable failure) {
            SessionLog.LOG.error("stream subscriber failed", failure);
        }
    }
}
