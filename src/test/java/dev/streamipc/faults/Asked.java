package dev.streamipc.faults;

import dev.streamipc.message.Cancelled;
import dev.streamipc.message.Certainty;
import dev.streamipc.message.IpcFailure;
import dev.streamipc.message.Message;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/** A call of the matrix: counts its outcomes and knows when the first came. */
final class Asked {

    final int id;
    final CompletableFuture<? extends Message> call;
    private final AtomicInteger outcomes = new AtomicInteger();
    private volatile long settledNanos;

    Asked(int id, CompletableFuture<? extends Message> call) {
        this.id = id;
        this.call = call;
        call.whenComplete((answer, failure) -> {
            settledNanos = System.nanoTime();
            outcomes.incrementAndGet();
        });
    }

    boolean isSettled() {
        return outcomes.get() > 0;
    }

    int outcomes() {
        return outcomes.get();
    }

    long settledNanos() {
        return settledNanos;
    }

    /** Returns the answer, null if there is none. */
    Message answer() {
        return call.isDone() && !call.isCompletedExceptionally() ? call.join() : null;
    }

    /** Returns the failure, null if the call has been answered or is open. */
    IpcFailure failure() {
        if (!call.isCompletedExceptionally()) {
            return null;
        }
        try {
            call.join();
            return null;
        } catch (CompletionException failed) {
            return (IpcFailure) failed.getCause();
        } catch (java.util.concurrent.CancellationException cancelled) {
            return (Cancelled) cancelled.getCause();
        }
    }

    boolean failedWith(Certainty certainty) {
        IpcFailure failure = failure();
        return failure != null && failure.certainty() == certainty;
    }
}
