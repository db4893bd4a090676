package dev.streamipc.session;

import dev.streamipc.message.FunctionCall;
import org.jspecify.annotations.Nullable;

/** A function that the other side calls by name, and that may tell of its progress and learn that nobody waits for it. */
@FunctionalInterface
public interface ContextFunction {

    /**
     * Runs the function, on the handler executor or on the thread that pumps. It may block, and it may ask back.
     *
     * @param call the arguments: {@link FunctionCall#at} takes one
     * @param context progress, cancellation and time of this call
     * @return an everyday value, a registered record, or a list or map of them; null if there is nothing to return
     * @throws Exception anything; the caller gets it as {@code RemoteFailure}
     */
    @Nullable
    Object handle(FunctionCall call, RequestContext context) throws Exception;
}
