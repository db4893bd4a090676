package dev.streamipc.session;

import dev.streamipc.message.Message;
import dev.streamipc.message.Rejected;
import dev.streamipc.message.Request;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Handlers and functions for callers in this JVM, without a session: a {@link LocalCall} runs them. For all threads. For
 * dispatchers; others have a session.
 */
public final class LocalHandlers {

    private final Handlers handlers = new Handlers();

    /** Makes a place without handlers. */
    public LocalHandlers() {}

    /**
     * Registers a handler for requests of a type, as {@link Answering#onRequest} does.
     *
     * @param <T> the type of the request
     * @param <R> the type of its answer
     * @param type the type of the request, or a sealed interface of several
     * @param handler runs on the thread that runs the call
     * @return pauses, resumes and removes the handler
     */
    public <T extends Request<R>, R extends Message> Subscription onRequest(
            Class<T> type, ContextHandler<T, R> handler) {
        return handlers.onRequest(type, handler);
    }

    /**
     * Registers a function, as {@link ByName#function} does.
     *
     * @param name what calls name it by: 1 to 200 characters without control characters
     * @param handler runs on the thread that runs the call
     * @return pauses, resumes and removes the function
     * @throws IllegalArgumentException if the name is taken or not well formed
     */
    public Subscription function(String name, ContextFunction handler) {
        return handlers.onFunctions(Map.of(name, handler));
    }

    /**
     * Registers the methods of an object that are annotated {@link Function}, as {@link ByName#functions} does.
     *
     * @param object its methods are the functions
     * @return pauses, resumes and removes all of them
     * @throws IllegalArgumentException as there
     */
    public Subscription functions(Object object) {
        return handlers.onFunctions(FunctionMethods.of(object));
    }

    /** Returns what the handlers answer; null if none does. */
    @Nullable
    Message answer(Message request, RequestContext context) throws Exception {
        return handlers.answer(request, context);
    }

    /** Returns the failure of a request that nobody answers. */
    Rejected unhandled(Message request) {
        return new Rejected(Rejected.Reason.UNHANDLED, handlers.whyUnhandled(request));
    }
}
