package dev.streamipc.session;

import dev.streamipc.message.FunctionCall;
import dev.streamipc.message.IpcFailure;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Functions by name: calls without a message type of their own. A name reaches what the other side has registered under it,
 * and nothing else. Such a call is a request as any other: a {@link FunctionCall} with {@link CallOptions}, whose handler
 * runs at most once and whose outcome is an answer or one {@link IpcFailure}.
 *
 * <p>Arguments and values are everyday values, registered records, and lists and maps of them. They are converted as strictly as
 * the fields of messages are. A value of a sealed interface goes inside a record: by itself it is one of its own class.
 */
public interface ByName {

    /**
     * Calls a function and blocks for its value, with the peer's default deadline. Otherwise like the one with options.
     *
     * @param <R> the type of the value
     * @param function the name under which the other side has registered it
     * @param type the type of the value; {@code Void.class} if it does not matter
     * @param arguments in the order of the function's parameters
     * @return the value; null only if the function returned null
     * @throws IpcFailure if the call ends without a value of that type
     */
    default <R> @Nullable R call(String function, Class<R> type, @Nullable Object... arguments) {
        return call(function, type, CallOptions.DEFAULT, arguments);
    }

    /**
     * Calls a function and blocks for its value, by the deadline at the latest. An interrupt does not end the wait, except
     * that for room. Not to be called on a callback thread.
     *
     * @param <R> the type of the value
     * @param function the name under which the other side has registered it
     * @param type the type of the value; {@code Void.class} if it does not matter
     * @param options deadline and more
     * @param arguments in the order of the function's parameters
     * @return the value; null only if the function returned null
     * @throws IpcFailure {@code Rejected} (UNHANDLED) if there is no such function, {@code RemoteFailure} with what it threw,
     *     {@code Undecodable} if the arguments or the value are not of the right types, or what else ends a call
     */
    default <R> @Nullable R call(String function, Class<R> type, CallOptions options, @Nullable Object... arguments) {
        return CallSite.join(request(function, type, options, arguments));
    }

    /**
     * Calls a function, with the peer's default deadline. Otherwise like the one with options.
     *
     * @param <R> the type of the value
     * @param function the name under which the other side has registered it
     * @param type the type of the value; {@code Void.class} if it does not matter
     * @param arguments in the order of the function's parameters
     * @return completes with the value, null only if the function returned null, or with an {@link IpcFailure}
     */
    default <R> CompletableFuture<@Nullable R> request(String function, Class<R> type, @Nullable Object... arguments) {
        return request(function, type, CallOptions.DEFAULT, arguments);
    }

    /**
     * Calls a function. Never blocks, unless it is to wait for room: {@link WhenFull}. The future is one of {@link
     * IpcSession#request(dev.streamipc.message.Request, CallOptions)}: cancelling it ends the call and tells the function.
     *
     * @param <R> the type of the value
     * @param function the name under which the other side has registered it
     * @param type the type of the value; {@code Void.class} if it does not matter
     * @param options deadline, progress and more
     * @param arguments in the order of the function's parameters
     * @return completes with the value, null only if the function returned null, or with an {@link IpcFailure}
     */
    <R> CompletableFuture<@Nullable R> request(
            String function, Class<R> type, CallOptions options, @Nullable Object... arguments);

    /**
     * Registers a function.
     *
     * @param name what the other side calls it by: 1 to 200 characters without control characters
     * @param handler runs as a handler of requests does
     * @return pauses, resumes and removes the function
     * @throws IllegalArgumentException if the name is taken or not well formed
     */
    default Subscription function(String name, FunctionHandler handler) {
        return function(name, (call, context) -> handler.handle(call));
    }

    /**
     * Registers a function that tells of its progress, or learns when nobody waits for it any more.
     *
     * @param name what the other side calls it by: 1 to 200 characters without control characters
     * @param handler runs as a handler of requests does
     * @return pauses, resumes and removes the function
     * @throws IllegalArgumentException if the name is taken or not well formed
     */
    Subscription function(String name, ContextFunction handler);

    /**
     * Registers each public method that is annotated {@link Function}, of an object's class, of those above it and of its interfaces.
     * Arguments are converted to the types of the parameters before the method is entered; if they do not fit, or are not as
     * many, the call alone fails, as {@code Undecodable} (ARGUMENT). A first or last parameter of type {@link
     * RequestContext} gets the context. A parameter of type {@code Object} takes anything, as it came.
     *
     * @param object its methods must be callable from several threads if its session's handlers run on several
     * @return pauses, resumes and removes all of them
     * @throws IllegalArgumentException if no method is annotated, if one is not public, or if two have one name, or one that is taken
     *     or not well formed; nothing is registered then
     */
    Subscription functions(Object object);
}
