package dev.streamipc.session;

import dev.streamipc.message.Message;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** A listener that takes every update, and whose faults harm nothing. The outcome it leaves to the future. */
record ProgressCallback<P extends Message>(Consumer<? super Progress<P>> consumer)
        implements Flow.Subscriber<Progress<P>> {

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Progress<P> update) {
        try {
            consumer.accept(update);
        } catch (Throwable failure) {
            SessionLog.LOG.error(
                    "progress callback failed: type={}",
                    update.message().getClass().getName(),
                    failure);
        }
    }

    @Override
    public void onError(Throwable failure) {
        // the future has it
    }

    @Override
    public void onComplete() {
        // the future has it
    }
}
