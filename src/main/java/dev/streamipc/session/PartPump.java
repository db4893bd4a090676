package dev.streamipc.session;

import dev.streamipc.message.Message;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Sends what a publisher of the user's has, and requests of it what the other side wants. */
final class PartPump<P extends Message> implements Flow.Subscriber<P> {

    private final PartSender sender;
    private final Executor callbacks;
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();
    private volatile Flow.@Nullable Subscription subscription;
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private long requested; // guarded by this

    PartPump(PartSender sender, Executor callbacks) {
        this.sender = sender;
        this.callbacks = callbacks;
    }

    /** Returns what completes when the publisher has ended: true, or false if nobody wants its parts any more. */
    CompletableFuture<Boolean> done() {
        return done;
    }

    /** Subscribes, and listens to the demand from now on. */
    void begin(Flow.Publisher<? extends P> parts) {
        Runnable forget = sender.demand().onChange(this::moreSoon);
        done.whenComplete((whole, failure) -> forget.run());
        requested = sender.sent();
        parts.subscribe(this);
        if (sender.demand().isOver()) {
            moreSoon();
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        Objects.requireNonNull(given, "subscription");
        if (subscription != null) {
            given.cancel();
            return;
        }
        subscription = given;
        moreSoon();
    }

    /** A publisher is the user's code, and a demand comes on the thread that reads. */
    private void moreSoon() {
        if (sender.demand().isOver()) {
            // who waits for the end need not wait for callbacks
            done.complete(false);
        }
        try {
            callbacks.execute(this::more);
        } catch (RuntimeException | Error rejected) {
            SessionLog.LOG.error("publisher not asked: callback executor takes no more", rejected);
            done.completeExceptionally(rejected);
        }
    }

    private void more() {
        if (done.isDone()) {
            cancel();
            return;
        }
        Flow.Subscription given = subscription;
        if (given == null) {
            return;
        }
        long more;
        synchronized (this) {
            more = sender.demand().total() - requested;
            requested += Math.max(0, more);
        }
        if (more > 0) {
            guarded(() -> given.request(more));
        }
    }

    /** Nobody waits for its parts any more. Never blocks. */
    void abandon() {
        done.complete(false);
        moreSoon();
    }

    private void cancel() {
        Flow.Subscription given = subscription;
        if (given != null && cancelled.compareAndSet(false, true)) {
            guarded(given::cancel);
        }
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (Throwable failure) {
            done.completeExceptionally(failure);
        }
    }

    @Override
    public void onNext(P part) {
        if (done.isDone()) {
            return;
        }
        guarded(() -> {
            if (!sender.send(part)) {
                done.complete(false);
                cancel();
            }
        });
        if (done.isCompletedExceptionally()) {
            cancel();
        }
    }

    @Override
    public void onError(Throwable failure) {
        done.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        done.complete(true);
    }
}
