package dev.streamipc.session;

import dev.streamipc.message.IpcFailure;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Marks, in the stack of a failure that was made on another thread, who waited for it. */
final class CallSite extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CallSite() {
        super("waited for here");
    }

    /** Blocks for the outcome of a call, on the thread that is to stand in its failure's stack. */
    static <R> R join(CompletableFuture<R> call) {
        try {
            return call.join();
        } catch (CompletionException | CancellationException failed) {
            if (failed.getCause() instanceof IpcFailure failure) {
                failure.addSuppressed(new CallSite());
                throw failure;
            }
            throw failed;
        }
    }
}
