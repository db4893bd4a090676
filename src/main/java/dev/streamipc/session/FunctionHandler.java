package dev.streamipc.session;

import dev.streamipc.message.FunctionCall;
import org.jspecify.annotations.Nullable;

/** A function that the other side calls by name. */
@FunctionalInterface
public interface FunctionHandler {

    /**
     * Runs the function, on the handler executor or on the thread that pumps. It may block, and it may ask back.
     *
     * @param call the arguments: {@link FunctionCall#at} takes one
     * @return an everyday value, a registered record, or a list or map of them; null if there is nothing to return
     * @throws Exception anything; the caller gets it as {@code RemoteFailure}
     */
    @Nullable
    Object handle(FunctionCall call) throws Exception;
}
